// Teaching: what the live model makes of the words is shown while they are typed; labels are chosen by keyboard.
//
// Without this script the form works, and shows the model's answer after it was sent.
// Loaded by templates/training/teach.html.

const PAUSE_MS = 350;

const form = document.getElementById("teach");
const guesses = document.getElementById("guesses");
const same = document.getElementById("same");
let timer = 0;
let asked = "";

function line() {
  const before = form.text.value.slice(0, form.text.selectionStart);
  const lines = form.text.value.split("\n");
  return (lines[before.split("\n").length - 1] || lines[0] || "").trim();
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
      input.checked = one.label === chosen;
      const sure = document.createElement("span");
      sure.className = "quiet";
      sure.textContent = `${one.sure}%`;
      label.append(input, ` ${at + 1}. ${one.name} `, sure);
      return label;
    }),
  );
}

async function ask() {
  const text = line();
  if (!text || text === asked) return;
  asked = text;
  try {
    const answer = await fetch(`/review/training/hear?text=${encodeURIComponent(text)}`, {
      cache: "no-store",
      headers: { Accept: "application/json" },
    });
    if (!answer.ok || asked !== text) return;
    const now = await answer.json();
    draw(now.heard);
    same.hidden = now.same.length === 0;
    same.textContent = now.same.length ? `这一句已经有了，在“${now.same[0].label}”里。` : "";
  } catch {
    asked = ""; // the network is away: the next key asks again
  }
}

form.text.addEventListener("input", () => {
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, PAUSE_MS);
});

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") form.requestSubmit();
  if (event.altKey && /^[1-4]$/.test(event.key)) {
    const input = guesses.querySelectorAll("input")[Number(event.key) - 1];
    if (input) {
      input.checked = true;
      form.label.value = "";
      event.preventDefault();
    }
  }
});

form.addEventListener("change", (event) => {
  if (event.target.name === "guess") form.label.value = "";
});
