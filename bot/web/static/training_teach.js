// Teaching: what the live model makes of the words is shown while they are typed; labels are chosen by keyboard.
//
// Without this script the form works, and shows the model's answer after it was sent; words are added on their page.
// Loaded by templates/training/teach.html.

import { Marks } from "./training_marks.js";

const PAUSE_MS = 350;

const form = document.getElementById("teach");
const guesses = document.getElementById("guesses");
const elsewhere = document.querySelector("#elsewhere input");
const newcomer = document.getElementById("newcomer");
const same = document.getElementById("same");
const marks = new Marks(form);
let timer = 0;
let asked = "";
let chosen = "";

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

// What the model that is not live yet makes of the same words, under what the live one does.
async function askNewcomer(text) {
  if (!newcomer?.querySelector("input").checked || !text) return;
  const told = newcomer.querySelector("p");
  told.hidden = false;
  told.textContent = "新模型正在听……";
  let words = "网断了，等会儿再试。";
  try {
    const answer = await hear(`text=${encodeURIComponent(text)}&fresh=1`);
    const { heard, deaf } = await answer.json();
    const named = heard.map((one) => `${one.name} ${one.sure}%`).join("，");
    words = deaf ? "新模型打不开，请看看“训练”里那一次的记录。" : `新模型觉得是：${named || "说不上来"}`;
  } catch {
    // the words say so
  }
  if (asked === text) told.textContent = words;
}

function hear(query) {
  return fetch(`/review/training/hear?${query}`, { cache: "no-store", headers: { Accept: "application/json" } });
}

async function ask() {
  const now = line();
  if (!now.text || now.text === asked) return;
  asked = now.text;
  askNewcomer(asked);
  try {
    const answer = await hear(`text=${encodeURIComponent(now.text)}`);
    if (!answer.ok || asked !== now.text) return;
    const told = await answer.json();
    draw(told.heard);
    same.hidden = told.same.length === 0;
    same.textContent = told.same.length ? `这一句已经有了，在“${told.same[0].label}”里。` : "";
    marks.show(now.text, told.tokens, told.spans);
    selected();
  } catch {
    asked = ""; // the network is away: the next key asks again
  }
}

// Words selected in the box are chosen among the tokens, once these are of the same line.
function selected() {
  const { begin, text } = line();
  const { selectionStart, selectionEnd } = form.text;
  const range = `${text} ${selectionStart} ${selectionEnd}`;
  if (range === chosen || text !== asked || text !== marks.text || selectionEnd <= selectionStart) return;
  chosen = range; // the browser tells a selection more than once
  marks.choose(selectionStart - begin, selectionEnd - begin);
}

// Whether the cursor is on other words than those that were asked about.
function changed() {
  if (line().text === asked) return false;
  marks.forget();
  asked = "";
  chosen = "";
  return true;
}

function soon() {
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, PAUSE_MS);
}

form.text.addEventListener("input", () => {
  changed();
  soon();
});
for (const kind of ["keyup", "pointerup", "select"]) {
  form.text.addEventListener(kind, () => {
    if (changed()) soon();
    selected();
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

if (newcomer) {
  newcomer.hidden = false;
  newcomer.addEventListener("change", () => askNewcomer(asked));
}

// Finding one of many labels: those whose name or plain words hold what is typed stay, the first is chosen.
const find = document.getElementById("find-label");
const groups = [...form.label.querySelectorAll("optgroup")].map((group) => [group, [...group.children]]);

find.addEventListener("input", () => {
  const sought = find.value.trim().toLowerCase();
  let first = "";
  for (const [group, options] of groups) {
    const left = options.filter((one) => `${one.textContent} ${one.title}`.toLowerCase().includes(sought));
    group.replaceChildren(...left);
    group.hidden = left.length === 0;
    first ||= left[0]?.value ?? "";
  }
  form.label.value = sought ? first : "";
  if (form.label.value) for (const input of form.querySelectorAll("input[name=guess]")) input.checked = false;
});
find.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey) return;
  event.preventDefault();
  form.reason.focus();
});
find.closest("label").hidden = false;

ask();
