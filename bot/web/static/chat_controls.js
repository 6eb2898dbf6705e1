// What the citizen types into and taps outside the talk: the box for words, the menu, the privacy notice.
//
// Hides the input method's keys, the draft on this device, and the length that is too long. Used by chat.js only.

import { server, shelf } from "./chat_wire.js";

/** Code points in one message; the server refuses more. */
const LONGEST = 20_000;
const part = (id) => document.getElementById(id);

/** The box for words. `onSend(text)` returns whether the words were taken; only then the box is emptied. */
export class Box {
  constructor(onSend) {
    this.words = part("words");
    this.hint = part("hint");
    this.onSend = onSend;
    this.composing = false;
    this.words.addEventListener("compositionstart", () => (this.composing = true));
    this.words.addEventListener("compositionend", () => (this.composing = false));
    this.words.addEventListener("input", () => this._changed());
    this.words.addEventListener("keydown", (event) => {
      // 229: the key belongs to the input method, which also takes Enter to choose a word.
      const choosing = event.isComposing || this.composing || event.keyCode === 229;
      if (event.key !== "Enter" || event.shiftKey || choosing) return;
      event.preventDefault();
      this.submit();
    });
    part("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    // On a phone the keyboard would close when the button takes the focus.
    part("send").addEventListener("pointerdown", (event) => event.preventDefault());
    this.put(shelf.get("draft") ?? "");
    window.addEventListener("resize", () => this._grow());
  }

  get empty() {
    return !this.words.value.trim();
  }

  focus() {
    this.words.focus();
  }

  /** Replace what stands in the box. */
  put(text) {
    this.words.value = text;
    this._changed();
  }

  /** Put words that did not arrive before what stands in the box. */
  giveBack(texts) {
    this.put([...texts, this.words.value].filter((text) => text.trim()).join("\n"));
  }

  submit() {
    const tooLong = this._changed();
    if (!this.empty && !tooLong) {
      if (this.onSend(this.words.value)) this.put("");
      else this.hint.textContent = "还没有连上，您写的先留在这里，等一下再发。";
    }
    this.words.focus();
  }

  _changed() {
    if (this.words.value) shelf.set("draft", this.words.value);
    else shelf.drop("draft");
    this._grow();
    const length = this.words.value.length > LONGEST ? Array.from(this.words.value).length : 0;
    const tooLong = length > LONGEST;
    this.hint.textContent = tooLong ? `一次最多发 ${LONGEST} 个字，现在有 ${length} 个。请删短一点，或者分两次发。` : "";
    return tooLong;
  }

  _grow() {
    this.words.style.height = "auto";
    this.words.style.height = `${this.words.scrollHeight + 2}px`;
  }
}

function showMenu(shown, focus = true) {
  const menu = part("menu");
  menu.hidden = !shown;
  part("menu-open").setAttribute("aria-expanded", String(shown));
  if (shown) menu.querySelector("button:not([hidden])").focus();
  else if (focus) part("menu-open").focus();
}

/** The menu behind ⋯: `onSay(text)` sends a text, `onPrint()` prints. */
export function listenMenu(onSay, onPrint) {
  const menu = part("menu");
  const sure = part("sure");
  part("menu-open").addEventListener("click", () => showMenu(menu.hidden));
  document.addEventListener("keydown", (event) => event.key === "Escape" && !menu.hidden && showMenu(false));
  document.addEventListener("pointerdown", (event) => {
    if (!menu.hidden && !event.target.closest("#menu, #menu-open")) showMenu(false, false);
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !event.relatedTarget.closest("#menu, #menu-open")) showMenu(false, false);
  });
  for (const item of menu.querySelectorAll("[data-say]")) {
    item.addEventListener("click", () => {
      showMenu(false);
      onSay(item.dataset.say);
    });
  }
  part("menu-print").addEventListener("click", () => {
    showMenu(false);
    onPrint();
  });
  part("menu-voice").addEventListener("click", () => showMenu(false));
  // Beginning again drops what was asked so far, and a thumb slips easily: so it asks first.
  part("menu-restart").addEventListener("click", () => {
    showMenu(false);
    if (typeof sure.showModal === "function") sure.showModal();
    else if (window.confirm(part("sure-text").textContent)) onSay("重来");
  });
  sure.addEventListener("close", () => {
    if (sure.returnValue === "yes") onSay("重来");
    sure.returnValue = "";
  });
}

/** The privacy notice is fetched when it is opened for the first time. */
export function listenNotice() {
  const notice = part("notice");
  const text = part("notice-text");
  notice.addEventListener("toggle", async () => {
    if (!notice.open || text.dataset.have) return;
    try {
      const answer = await server.notice();
      text.textContent = answer.version ? `${answer.text}\n\n（版本 ${answer.version}）` : answer.text;
      text.dataset.have = "yes";
    } catch {
      text.textContent = "说明没取到，请收起来再点开一次。";
    }
  });
}
