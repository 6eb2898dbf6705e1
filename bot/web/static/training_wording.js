// Wording: the bubble shows the words as they are typed, and says what may not be left out.
//
// Without this script the form works: the same is checked when it is sent. Loaded by templates/training/saying.html.

const PAUSE_MS = 300;

for (const form of document.querySelectorAll("form.saying")) {
  const words = form.elements.text;
  const bubble = form.querySelector(".bubble");
  const trouble = form.querySelector(".trouble");
  let timer = 0;

  async function ask() {
    const typed = words.value;
    const query = new URLSearchParams({ text: typed, old: words.dataset.old });
    const answer = await fetch(`/review/training/wording/preview?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || words.value !== typed) return;
    const told = await answer.json();
    bubble.textContent = told.shown;
    trouble.textContent = told.trouble;
    trouble.hidden = !told.trouble;
  }

  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
}
