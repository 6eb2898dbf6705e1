// One case: pointing at a fact lights up the words it came from, and the reverse; a long talk is compared on.
//
// Loaded by templates/review/case.html.

const facts = [...document.querySelectorAll("[data-fact]")];
const pieces = [...document.querySelectorAll("[data-facts]")];
const of = (piece) => piece.dataset.facts.split(" ");

function light(key, from) {
  for (const fact of facts) fact.classList.toggle("lit", key.includes(fact.dataset.fact));
  for (const piece of pieces) piece.classList.toggle("lit", of(piece).some((one) => key.includes(one)));
  const other = from.matches("[data-fact]") ? pieces : facts;
  const first = other.find((element) => element.classList.contains("lit"));
  if (first && from.matches("[data-fact]")) nearest(first);
  return first;
}

/** Bring words into view inside the talk, without moving the page under the pointer. */
function nearest(element) {
  const talk = element.closest(".bubbles");
  if (talk.scrollHeight <= talk.clientHeight) return;
  const [inner, outer] = [element.getBoundingClientRect(), talk.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) talk.scrollTop += inner.top - outer.top - 40;
}

function dark() {
  for (const element of [...facts, ...pieces]) element.classList.remove("lit");
}

for (const fact of facts) {
  fact.addEventListener("mouseenter", () => light([fact.dataset.fact], fact));
  fact.addEventListener("mouseleave", dark);
  fact.addEventListener("focusin", () => light([fact.dataset.fact], fact));
  fact.querySelector(".words")?.addEventListener("click", (event) => {
    event.preventDefault();
    light([fact.dataset.fact], fact)?.scrollIntoView({ block: "center" });
  });
}
for (const piece of pieces) {
  piece.addEventListener("mouseenter", () => light(of(piece), piece));
  piece.addEventListener("mouseleave", dark);
  piece.addEventListener("focus", () => light(of(piece), piece));
  piece.addEventListener("click", () => light(of(piece), piece)?.scrollIntoView({ block: "center" }));
}

const talk = document.querySelector(".bubbles");
if (talk && !window.location.hash && !window.location.search.includes("before")) talk.scrollTop = 0;
document.querySelector(".edit input:not([type=hidden]), .edit textarea, .edit select")?.focus();
// A double tap sends once.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// A long talk is compared with its record piece by piece; meanwhile nothing that is typed on the page moves away.
const warnings = document.querySelector("#warnings");
async function readOn() {
  if (!warnings?.querySelector("[data-unread]")) return;
  const answer = await fetch(warnings.dataset.more).catch(() => null);
  if (!answer?.ok) return;
  for (const old of warnings.querySelectorAll("[data-heard], [data-unread]")) old.remove();
  warnings.insertAdjacentHTML("beforeend", await answer.text());
  readOn();
}
readOn();
