// Teaching: what the live model makes of the words is shown while they are typed; labels are chosen by keyboard.
//
// Without this script the form works, and shows the model's answer after it was sent; words are added on their page.
// Loaded by templates/training/teach.html.

import { Marks } from "./training_marks.js";

const PAUSE_MS = 350;

const form = document.getElementById("teach");
const guesses = document.getElementById("guesses");
const elsewhere = document.querySelector("#elsewhere input");
const newcomer = document.querySelector("#newcomer span");
const same = document.getElementById("same");
const marks = new Marks(form);
let timer = 0;
let asked = "";

// The line where the cursor is: its text, and where it begins in the box.
function line() {
  const all = form.text.value;
  const lines = all.split("\n");
  let at = all.slice(0, form.text.selectionStart).split("\n").length - 1;
  if (!lines[at].trim()) at = Math.max(0, lines.findIndex((one) => one.trim()));
  const begin = lines.slice(0, at).reduce((sum, one) => sum + one.length + 1, 0);
  const blank = lines[at].length - lines[at].trimStart().length;
  return { text: lines[at].trim(), begin: begin + blank };
}

function draw(heard) {
  const chosen = form.querySelector("input[name=guess]:checked")?.value;
  guesses.replaceChildren(
    ...heard.map((one, at) => {
      const label = document.createElement("label");
      label.className = "tick";
      const input = document.createElement("input");
      input.type = "radio";
      input.name = "guess";
      input.value = one.label;
      input.checked = one.label === chosen && !elsewhere.checked;
      const sure = document.createElement("span");
      sure.className = "quiet";
      sure.textContent = `${one.sure}%`;
      label.append(input, ` ${at + 1}. ${one.name} `, sure);
      return label;
    }),
  );
  if (!heard.length) {
    const none = document.createElement("p");
    none.className = "quiet";
    none.textContent = "它说不上来是哪一类。";
    guesses.append(none);
  }
}

async function ask() {
  const now = line();
  if (!now.text || now.text === asked) return;
  asked = now.text;
  try {
    const answer = await fetch(`/review/training/hear?text=${encodeURIComponent(now.text)}`, {
      cache: "no-store",
      headers: { Accept: "application/json" },
    });
    if (!answer.ok || asked !== now.text) return;
    const told = await answer.json();
    draw(told.heard);
    if (newcomer) newcomer.textContent = told.newcomer.map((one) => `${one.name} ${one.sure}%`).join("，") || "说不上来";
    same.hidden = told.same.length === 0;
    same.textContent = told.same.length ? `这一句已经有了，在“${told.same[0].label}”里。` : "";
    marks.show(now.text, told.tokens, told.spans);
  } catch {
    asked = ""; // the network is away: the next key asks again
  }
}

function soon() {
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, PAUSE_MS);
}

form.text.addEventListener("input", soon);
for (const kind of ["keyup", "pointerup", "select"]) {
  form.text.addEventListener(kind, () => {
    const { begin, text } = line();
    if (text !== asked) soon();
    const { selectionStart, selectionEnd } = form.text;
    if (text === asked && selectionEnd > selectionStart) marks.choose(selectionStart - begin, selectionEnd - begin);
  });
}

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") form.requestSubmit();
  const key = event.code.replace(/^(Digit|Numpad)/, "");
  if (!event.altKey || !/^[0-9]$/.test(key)) return;
  event.preventDefault();
  if (key >= "5") {
    marks.mark(Number(key) - 5);
    return;
  }
  const input = key === "0" ? elsewhere : guesses.querySelectorAll("input")[Number(key) - 1];
  if (!input) return;
  input.checked = true;
  form.label.value = "";
});

form.addEventListener("change", (event) => {
  if (event.target.name === "guess") form.label.value = "";
  if (event.target.name === "label" && event.target.value) {
    for (const input of form.querySelectorAll("input[name=guess]")) input.checked = false;
  }
});

ask();
