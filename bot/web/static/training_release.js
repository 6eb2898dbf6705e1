// A training under way: how far it is, and its log. When it has ended the page is loaded anew.
//
// Without this script a reload shows the same. Loaded by templates/training/release.html.

const EVERY_MS = 2000;

const step = document.getElementById("step");
const log = document.getElementById("log");
const names = JSON.parse(step.dataset.steps);

async function look() {
  try {
    const answer = await fetch(step.dataset.from, { cache: "no-store", headers: { Accept: "application/json" } });
    if (answer.status === 401) return; // signed out: the training goes on without us
    if (answer.ok) {
      const now = await answer.json();
      if (now.state !== "training") {
        window.location.reload();
        return;
      }
      const many = now.of ? `，${now.done} / ${now.of}` : "";
      step.textContent = `${names[now.step] || names.training}${many}，用了 ${now.seconds} 秒`;
      if (log.textContent !== now.log) log.textContent = now.log;
    }
  } catch {
    // the network is away: the next look asks again
  }
  window.setTimeout(look, EVERY_MS);
}

window.setTimeout(look, EVERY_MS);
