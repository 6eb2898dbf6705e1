// The queue keeps itself fresh: asks every few seconds what happened, rings, and redraws without losing the place.
//
// Hides the asking, the bell and the title. A list that was moved by its reader is left alone until she taps the news.
// Loaded by templates/review/cases.html.

import { Bell } from "./review_bell.js";

const EVERY_MS = 5_000;
const WHEN_DOWN_MS = 20_000;
const part = (id) => document.getElementById(id);

const list = part("list");
const news = part("news");
const bell = new Bell(part("ring"));
const title = document.title;
let unseen = 0;

const stamp = () => list.firstElementChild?.dataset ?? {};

/** Draw the list anew where it stands; the scroll position is kept by the browser's own anchoring. */
async function redraw() {
  const address = new URL(window.location.href);
  address.searchParams.set("part", "list");
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) return;
  const from = window.scrollY;
  const focused = document.activeElement?.getAttribute("href");
  const inside = list.contains(document.activeElement);
  const text = await answer.text(); // our own server's escaped template
  const page = new DOMParser().parseFromString(text, "text/html");
  list.replaceChildren(...(page.getElementById("list")?.children ?? page.body.children));
  window.scrollTo(0, from);
  if (inside && focused) list.querySelector(`a[href="${CSS.escape(focused).replaceAll("\\/", "/")}"]`)?.focus();
  news.hidden = true;
}

function tell(many, danger, called) {
  news.hidden = false;
  const what = danger ? "有危险的新案件。" : `有 ${many} 件新的或有新消息。`;
  news.replaceChildren(called ? "有人在等调解员说话。" : what);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button second";
  button.textContent = "看最新的";
  button.addEventListener("click", () => {
    unseen = 0;
    document.title = title;
    redraw();
    window.scrollTo(0, 0);
  });
  news.append(" ", button);
}

async function ask() {
  const { newest = "", danger = "", calls = "" } = stamp();
  try {
    const answer = await fetch(`/review/pulse?since=${encodeURIComponent(newest)}`, { cache: "no-store" });
    if (answer.status === 401) {
      window.location.reload();
      return null;
    }
    if (!answer.ok) return false;
    const pulse = await answer.json();
    const known = new Set(danger.split(" "));
    const fresh = pulse.danger.filter((receipt) => !known.has(receipt));
    const drawn = new Set(calls.trim().split(" "));
    const waiting = pulse.calls.filter((call) => !drawn.has(String(call)));
    // The page of calls has no list of cases: there only a call is news.
    const cases = "newest" in stamp();
    const many = (cases ? pulse.moved : 0) + waiting.length;
    const urgent = (cases && fresh.length > 0) || waiting.length > 0;
    if (many > unseen) {
      bell.ring(urgent);
      unseen = many;
      document.title = `(${unseen}) ${title}`;
      tell(unseen, fresh.length > 0, waiting.length > 0);
      if (window.scrollY < 40 && !document.hidden) {
        await redraw();
        unseen = 0;
        if (!document.hidden) setTimeout(() => unseen === 0 && (document.title = title), 4_000);
      }
    }
    return true;
  } catch {
    return false;
  }
}

async function keepFresh() {
  const well = await ask();
  if (well !== null) setTimeout(keepFresh, well ? EVERY_MS : WHEN_DOWN_MS);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || unseen === 0 || window.scrollY >= 40) return;
  unseen = 0;
  document.title = title;
});
setTimeout(keepFresh, EVERY_MS);
