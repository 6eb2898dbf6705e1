// Safety mode: the page goes plain, the numbers stay at hand, and one tap or Esc twice leaves without a trace.
//
// Somebody may look over her shoulder: in safety mode tab, icon and heading say nothing of disputes, nothing is read
// aloud by itself, and the screen of numbers folds as the talk goes on. Hides how the browser's history and stores are
// left clean. Used by chat.js and chat_cards.js.

import { button, make, phoneLink, withPhones } from "./chat_bubbles.js";
import { shelf } from "./chat_wire.js";

const ESCAPES_WITHIN_MS = 1_500;
/** A grey sheet: the icon of any page. */
const PLAIN_ICON =
  "data:image/svg+xml," +
  encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M4 2h6l3 3v9H4z" fill="#9aa0a6"/></svg>');

function callLine({ number, name, note, for: purpose }) {
  const line = make("li", "call-line", phoneLink(number), make("span", "call-name", name));
  line.append(make("span", "line-part", purpose));
  if (note) line.append(make("span", "line-part call-note", withPhones(note)));
  return line;
}

/** The one screen: numbers with an honest word about their hours, then what the law offers, line by line. */
function safetyParts(screen) {
  const parts = [make("ul", "call-lines", ...(screen.calls ?? []).map(callLine))];
  for (const { head, lines, article } of screen.parts ?? []) {
    const items = lines.map((line) => make("li", "", withPhones(line)));
    const part = make("section", "card-part", make("h3", "", head), make("ul", "", ...items));
    part.append(make("p", "card-foot", article));
    parts.push(part);
  }
  parts.push(make("p", "card-foot", "有人走近了：点右上角“快速离开”，或者连按两下 Esc 键，这一页马上换成别的。"));
  return parts;
}

/** The screen as a part of the talk; it can be folded away. */
export function safetyFold(screen) {
  const fold = make("details", "card safety-fold", make("summary", "", "常用电话和办法"), ...safetyParts(screen));
  fold.open = true;
  return fold;
}

/** Leave at once: nothing stays on the screen or on this device, and the browser's back button does not return. */
export function leaveNow() {
  shelf.clear();
  window.speechSynthesis?.cancel();
  document.title = document.body.dataset.plain;
  const page = document.body.dataset.exit;
  document.body.replaceChildren();
  window.location.replace(page);
}

/** What the page knows of her safety; `on` once any danger to a person was told in this talk. */
export class SafetyMode {
  constructor(onLeave) {
    this.on = false;
    this.screen = null;
    this.usual = { title: document.title, heading: null, icon: null };
    this.open = document.getElementById("safety-open");
    this.dialog = document.getElementById("safety");
    this.escaped = -Infinity; // time stamps count from the page's birth: with 0 one Esc on a young page would be two
    this.open.addEventListener("click", () => this.show());
    document.getElementById("leave").addEventListener("click", () => onLeave());
    document.addEventListener("keydown", (event) => this._escape(event, onLeave), true);
    // The jump to the box would put a second entry of this page into the browser's history.
    document.querySelector("a.skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("words").focus();
    });
    if (shelf.get("plain") === "yes") this._goPlain();
  }

  _escape(event, onLeave) {
    // 229: the key belongs to the input method, which takes Esc to drop what was being typed.
    if (event.key !== "Escape" || event.repeat || event.isComposing || event.keyCode === 229) return;
    const twice = event.timeStamp - this.escaped < ESCAPES_WITHIN_MS;
    this.escaped = event.timeStamp;
    if (twice) onLeave();
  }

  /** Take the server's word: a screen switches safety mode on; it stays on until the talk is another. */
  take(screen) {
    if (!screen) return;
    this.screen = screen;
    this.open.hidden = false;
    if (this.on) return;
    shelf.set("plain", "yes");
    this._goPlain();
  }

  _goPlain() {
    this.on = true;
    const heading = document.querySelector("h1");
    const icon = document.querySelector("link[rel='icon']");
    this.usual.heading ??= [...heading.childNodes];
    this.usual.icon ??= icon.href;
    document.title = document.body.dataset.plain;
    heading.replaceChildren(document.body.dataset.plain);
    icon.href = PLAIN_ICON;
  }

  /** Another talk begins: the page is its usual self again. */
  reset() {
    shelf.drop("plain");
    this.screen = null;
    this.open.hidden = true;
    if (!this.on) return;
    this.on = false;
    document.title = this.usual.title;
    document.querySelector("h1").replaceChildren(...this.usual.heading);
    document.querySelector("link[rel='icon']").href = this.usual.icon;
  }

  /** Fold every screen in the talk but the newest message's: who looks later sees one plain line. */
  fold(drawn) {
    if (drawn.length === 0) return;
    const fresh = new Set(drawn.flatMap((element) => [...element.querySelectorAll(".safety-fold")]));
    for (const fold of document.querySelectorAll("#log .safety-fold")) {
      if (!fresh.has(fold)) fold.open = false;
    }
  }

  show() {
    if (!this.screen) return;
    const close = button("收起", "page-button", () => this.dialog.close());
    this.dialog.replaceChildren(make("h2", "", "常用电话"), ...safetyParts(this.screen), make("div", "page-actions", close));
    if (typeof this.dialog.showModal === "function") this.dialog.showModal();
    else this.dialog.setAttribute("open", "");
  }
}
