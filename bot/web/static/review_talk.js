// A running talk: new words come in by themselves, the mediator's go out without a reload.
//
// Hides the asking and the drawing of bubbles. Without this script the forms of the page still work.
// Loaded by templates/review/talk.html.

const EVERY_MS = 2_000;
const WHEN_DOWN_MS = 8_000;
const NAMES = { citizen: "当事人", desk: "分诊台", mediator: "调解员" };

const talk = document.querySelector("[data-talk]");
const list = document.getElementById("bubbles");
const form = document.querySelector("form.say");
const trouble = document.getElementById("trouble");
const title = document.title;
let mine = talk.dataset.mine === "yes";
let unseen = 0;

const last = () => Number(list.lastElementChild?.dataset.seq ?? 0);
const atBottom = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;

function toBottom() {
  list.scrollTop = list.scrollHeight;
}

function draw(bubble) {
  if (bubble.seq <= last()) return;
  const item = document.createElement("li");
  item.className = bubble.danger ? `${bubble.who} alarm` : bubble.who;
  item.dataset.seq = String(bubble.seq);
  const who = document.createElement("span");
  who.className = "who";
  const at = new Date(bubble.at);
  const clock = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
  who.textContent = `${NAMES[bubble.who] ?? bubble.who}${bubble.name ? ` ${bubble.name}` : ""} ${clock}`;
  const words = document.createElement("p");
  words.textContent = bubble.text;
  item.append(who, words);
  list.append(item);
}

async function ask() {
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(`${talk.dataset.talk}/new?after=${last()}`, { cache: "no-store", headers });
    if (answer.status === 401 || answer.status === 404) {
      if (!form || form.words.value === "") window.location.reload();
      return false;
    }
    if (!answer.ok) return false;
    const now = await answer.json();
    const stay = !atBottom();
    now.bubbles.forEach(draw);
    if (now.bubbles.length > 0 && !stay) toBottom();
    const hers = now.bubbles.filter((bubble) => bubble.who === "citizen").length;
    if (hers > 0 && document.hidden) {
      unseen += hers;
      document.title = `(${unseen}) ${title}`;
    }
    if (now.mine !== mine || (!mine && now.over)) {
      // The floor changed hands elsewhere: what is typed stays, the page says so.
      mine = now.mine;
      document.getElementById("floor").textContent = now.over
        ? "已经交还给分诊台"
        : `${now.mediator ?? "还没有人"}正在和当事人说话`;
    }
    return true;
  } catch {
    return false;
  }
}

async function keepFresh() {
  const well = await ask();
  setTimeout(keepFresh, well ? EVERY_MS : WHEN_DOWN_MS);
}

function freshId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let sending = null;

async function send(event) {
  event.preventDefault();
  const words = form.words.value.trim();
  if (!words || sending) return;
  const body = new URLSearchParams(new FormData(form));
  // The same words after a failure go under the same id, so that twice is once.
  form.dataset.id = form.dataset.words === words ? form.dataset.id : freshId();
  form.dataset.words = words;
  body.set("id", form.dataset.id);
  sending = fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  try {
    const answer = await sending;
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.error?.message ?? "没发出去，请再试一次。");
    form.words.value = "";
    delete form.dataset.words;
    trouble.hidden = true;
    await ask();
    toBottom();
  } catch (error) {
    trouble.textContent = error instanceof TypeError ? "网络不通，没发出去。字还在框里，过一会儿再点发送。" : error.message;
    trouble.hidden = false;
  } finally {
    sending = null;
    form.words.focus();
  }
}

form?.addEventListener("submit", send);
form?.words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = title;
});
toBottom();
keepFresh();

for (const reply of document.querySelectorAll("[data-reply]")) {
  reply.addEventListener("click", () => {
    form.words.value = form.words.value ? `${form.words.value}\n${reply.textContent}` : reply.textContent;
    form.words.focus();
  });
}
