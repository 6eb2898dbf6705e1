// The citizens' chat page: puts together what the page shows, what she does, and what the server says.
//
// Hides which conversation is open and how several tabs show the same talk. The parts: chat_wire.js (device, server),
// chat_screen.js with chat_bubbles.js and chat_cards.js (looks), chat_controls.js (box, menu), chat_comfort.js
// (长辈版, reading aloud), chat_safety.js (safety mode, leaving), chat_evidence.js (photos and papers). Loaded by
// templates/chat.html.

import { button } from "./chat_bubbles.js";
import { printReceipt, spokenMessage } from "./chat_cards.js";
import { Aloud, Elder } from "./chat_comfort.js";
import { Box, listenMenu, listenNotice } from "./chat_controls.js";
import { Evidence } from "./chat_evidence.js";
import { listenRights } from "./chat_rights.js";
import { SafetyMode, leaveNow } from "./chat_safety.js";
import { Screen } from "./chat_screen.js";
import { Outbox, Refusal, isAbout, server, shelf } from "./chat_wire.js";

const POLL_MS = 4_000;
const POLL_WITH_MEDIATOR_MS = 2_000;
const POLL_WHEN_DOWN_MS = 15_000;

const aloud = new Aloud();
const outbox = new Outbox({ state: (...event) => screen.drawWaiting(...event), answered, refused });
const screen = new Screen({ aloud, onChoice: sayChoice, onRetry: () => outbox.retry(), pictureOf: (attachment) => evidence.picture(attachment) });
const evidence = new Evidence(screen, { token: () => now.token, refusal: noFiles, arrived: () => sync(true) });
const box = new Box((text) => send({ text }));
const safety = new SafetyMode(() => leave(true));
const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("fenzhen") : null;

/** The open conversation as this tab knows it; `round` grows with each, so that late answers are known as such. */
const now = { token: null, ask: null, status: "open", mediator: null, round: 0 };
let left = false;

// —— sending ——

/** Why no photo can be taken just now; empty when it can. Before the consent nothing of hers is kept. */
function noFiles() {
  if (!now.token) return "还没有连上，等一下再发照片。";
  return now.ask === "privacy_consent" ? "您先点一下“同意，开始说”，再发照片。没同意以前，我们什么都不留。" : "";
}

function send(said) {
  if (!now.token) return false;
  aloud.stop();
  const item = outbox.add(now.token, said);
  screen.offer([]);
  screen.drawWaiting(item, "waiting", null);
  outbox.retry();
  screen.showNewest();
  return true;
}

function sayChoice(choice, event = null) {
  send({ choice });
  // A tap by finger must not open the keyboard; by key or by a screen reader the focus must not be lost.
  if (event?.detail === 0 || window.matchMedia("(hover: hover) and (pointer: fine)").matches) box.focus();
}

async function answered(item, answer) {
  const { round } = now;
  let messages = answer.messages ?? [];
  if (answer.duplicate) {
    // Heard before, but the answer was lost on its way: what the desk said then is in the history.
    messages = (await server.current(item.token, screen.last).catch(() => answer)).messages ?? [];
    if (round !== now.round) return;
  }
  const own = messages.find((message) => message.who === "citizen") ?? null;
  screen.dropWaiting(item, own);
  const drawn = screen.drawNew(messages.filter((message) => message !== own));
  stand(answer);
  screen.drawTyping(!outbox.empty);
  if (!outbox.empty) screen.offer([]);
  safety.fold(drawn);
  screen.showNewest(drawn.find((element) => !element.classList.contains("citizen")));
  readOut(messages);
  if (item.choice?.step === "leave" && item.choice.value === "delete") forgotten(messages);
  else channel?.postMessage("changed");
}

function stand(answer) {
  now.ask = answer.ask ?? null;
  now.status = answer.status ?? "open";
  safety.take(answer.safety);
  screen.drawStanding(answer);
  if ("mediator" in answer) {
    now.mediator = answer.mediator;
    screen.drawMediator(answer.mediator);
  }
}

function readOut(messages) {
  if (!aloud.auto || safety.on) return; // somebody may be listening
  for (const message of messages ?? []) {
    if (message.who !== "citizen") aloud.read(spokenMessage(message), null, true);
  }
}

async function refused(item, refusal) {
  screen.dropWaiting(item, null, false);
  screen.drawTyping(!outbox.empty);
  if (item.text) box.giveBack([item.text]);
  if (gone(refusal)) {
    await startAgain(refusal);
    return;
  }
  const kept = item.text ? "您写的话放回下面的框里了。" : "";
  screen.notice(`${refusal.message}${kept}`, { help: true, grave: true });
  await sync(true);
}

// —— conversations ——

function reset(token) {
  Object.assign(now, { token, ask: null, status: "open", mediator: null, round: now.round + 1 });
  outbox.clear();
  evidence.clear();
  screen.clear();
}

/** Open the conversation that this device knows, else a new one. */
async function open() {
  const token = shelf.get("token");
  reset(token);
  await load(token);
}

async function load(token) {
  const { round } = now;
  screen.log.setAttribute("aria-busy", "true");
  screen.drawTyping(true);
  try {
    const answer = token === null ? await server.open() : await server.current(token, 0);
    if (left || round !== now.round) return;
    screen.drawTyping(false);
    if (token === null) {
      now.token = answer.token;
      shelf.set("token", answer.token);
      shelf.set("opening", JSON.stringify(answer.messages ?? []));
    }
    screen.drawNew(withOpening(answer.messages ?? []));
    // She was away for long: where we were, said by the page alone.
    const at = new Date().toISOString();
    screen.drawNew((answer.back ?? []).map((text) => ({ seq: 0, who: "desk", at, text, show: null })));
    stand(answer);
    for (const item of outbox.leftOver(now.token)) screen.drawWaiting(item, "waiting", null);
    outbox.pump();
    if (token === null) readOut(answer.messages);
    // A first visit begins at the top, with the notice; a return at the newest words.
    if (screen.last > 0) screen.showNewest();
  } catch (error) {
    if (left || round !== now.round) return;
    screen.drawTyping(false);
    if (token !== null && gone(error)) await startAgain(error);
    else tellUnopened(token, error);
  } finally {
    screen.log.removeAttribute("aria-busy");
  }
}

function tellUnopened(token, error) {
  const text = error instanceof Refusal ? error.message : "现在连不上，过一会儿再试试。";
  const again = button("再试一次", "page-button", () => {
    trouble.remove();
    load(token);
  });
  const trouble = screen.notice(text, { help: true, grave: true, actions: [again] });
}

/**
 * What the desk said first is not stored before consent, so this device keeps it for a reload; the server then greets
 * again, perhaps in other words, and that greeting (number 0) is left out.
 */
function withOpening(messages) {
  try {
    const opening = JSON.parse(shelf.get("opening") ?? "[]");
    return opening.length > 0 ? [...opening, ...stored(messages)] : messages;
  } catch {
    return messages;
  }
}

/** The messages that the server keeps, without its greeting. */
function stored(messages) {
  return (messages ?? []).filter((message) => message.seq > 0);
}

/** Whether the server says that the conversation is no more: deleted or unknown (404), or past its time (410). */
function gone(error) {
  return error instanceof Refusal && (error.status === 404 || error.status === 410);
}

/** The server does not know the conversation any more: say so, keep what was not sent, begin a new one. */
async function startAgain(refusal = null) {
  box.giveBack(outbox.clear().map((item) => item.text ?? ""));
  shelf.drop("token");
  safety.reset();
  reset(null);
  const kept = box.empty ? "" : "您没发出去的话还在下面的框里。";
  const unknown = "以前的谈话这里找不到了，可能放得太久，也可能已经删掉了。没关系，我们重新开始。";
  screen.notice(`${refusal?.status === 410 ? refusal.message : unknown}${kept}`);
  await load(null);
}

/** After “全部删掉”: nothing of hers stays on the screen or on this device; a new talk begins only when she asks. */
function forgotten(messages) {
  safety.reset();
  reset(null);
  for (const key of ["token", "opening"]) shelf.drop(key);
  box.put("");
  screen.drawNew(messages.filter((message) => message.who === "desk").map((message) => ({ ...message, seq: 0 })));
  screen.offerAction("开始新的谈话", open);
}

/** Another tab deleted the talk: this one shows nothing of it any more. */
function closedElsewhere() {
  safety.reset();
  reset(null);
  box.put("");
  screen.notice("这次谈话在另一个页面里关掉了。");
  screen.offerAction("开始新的谈话", open);
}

// —— other tabs, mediators ——

/** Fetch what other tabs or a mediator said. Nothing is fetched while our own words are on their way. */
async function sync(force = false) {
  const idle = () => now.token && !left && (force || (outbox.empty && !document.hidden));
  if (!idle()) return true;
  const { round } = now;
  try {
    const answer = await server.current(now.token, screen.last);
    if (round !== now.round || !idle()) return true;
    const stay = !screen.atBottom();
    const heard = stored(answer.messages);
    const drawn = screen.drawNew(heard);
    stand(answer);
    if (drawn.length > 0 && stay) screen.hintMore(true);
    else if (drawn.length > 0) screen.showNewest(drawn[0]);
    readOut(heard);
    return true;
  } catch (error) {
    if (round === now.round && gone(error)) await startAgain(error);
    return false;
  }
}

async function keepInStep() {
  const well = await sync();
  if (!left) setTimeout(keepInStep, well ? (now.mediator ? POLL_WITH_MEDIATOR_MS : POLL_MS) : POLL_WHEN_DOWN_MS);
}

function leave(tellOthers) {
  left = true;
  if (tellOthers) channel?.postMessage("leave");
  box.put("");
  outbox.clear();
  leaveNow();
}

/** How to speak instead of typing; in 长辈版 it is told once without being asked. */
function tellVoice() {
  shelf.set("voice-told", "yes");
  screen.notice(Elder.voiceHint);
}

function listen() {
  document.getElementById("menu-voice").addEventListener("click", tellVoice);
  document.getElementById("elder").addEventListener("click", () => elder.on && !shelf.get("voice-told") && tellVoice());
  document.getElementById("words").addEventListener("input", () => aloud.stop());
  document.addEventListener("visibilitychange", () => sync());
  channel?.addEventListener("message", (event) => (event.data === "leave" ? leave(false) : sync()));
  window.addEventListener("storage", (event) => {
    if (!isAbout(event, "token") || left) return;
    if (event.newValue && event.newValue !== now.token) open();
    else if (event.newValue === null && now.token) closedElsewhere();
  });
  // A browser may bring a left page back from its memory.
  window.addEventListener("pageshow", (event) => event.persisted && left && leaveNow());
  window.addEventListener("afterprint", () => document.body.classList.remove("printing-receipt"));
}

async function print() {
  const filed = screen.result ? null : await server.receipts(now.token).catch(() => null);
  printReceipt(screen.result ?? filed?.receipts?.slice(-1)[0] ?? null);
}

const elder = new Elder();
listen();
listenNotice();
listenRights(() => now.token, open, (text) => screen.notice(text));
listenMenu((text) => send({ text }), print);
open().then(keepInStep);
