// What makes the page easier for the person before it: 长辈版, reading aloud.
//
// Hides browser speech and where preferences are kept. Used by chat.js only.

import { isAbout, shelf } from "./chat_wire.js";

const SIZES = [20, 22, 24, 26, 28, 30];
const USUAL_SIZE = 22;

/** 长辈版: larger text (20–30 px) and larger buttons, remembered on this device. */
export class Elder {
  constructor() {
    this.on = shelf.get("elder") === "yes";
    const kept = Number(shelf.get("size"));
    this.size = SIZES.includes(kept) ? kept : USUAL_SIZE;
    this.toggle = document.getElementById("elder");
    this.smaller = document.getElementById("smaller");
    this.bigger = document.getElementById("bigger");
    this.toggle.addEventListener("click", () => this.set(!this.on, this.size));
    this.smaller.addEventListener("click", () => this.step(-1));
    this.bigger.addEventListener("click", () => this.step(1));
    window.addEventListener("storage", (event) => {
      if (isAbout(event, "elder") || isAbout(event, "size")) {
        this.set(shelf.get("elder") === "yes", Number(shelf.get("size")) || this.size, false);
      }
    });
    this.draw();
  }

  step(by) {
    const at = SIZES.indexOf(this.size) + by;
    if (at >= 0 && at < SIZES.length) this.set(true, SIZES[at]);
  }

  set(on, size, keep = true) {
    this.on = on;
    this.size = SIZES.includes(size) ? size : USUAL_SIZE;
    if (keep) {
      shelf.set("elder", on ? "yes" : "no");
      shelf.set("size", String(this.size));
    }
    this.draw();
  }

  /** What a person who cannot type well is told once: the telephone's own keyboard takes dictation. */
  static get voiceHint() {
    return "不想打字可以用嘴说：点一下最下面的框，手机键盘上有一个话筒的图样，按住它（有的是点一下）慢慢说，字会自己出来。说完看一眼，点“发送”。";
  }

  draw() {
    const root = document.documentElement;
    root.classList.toggle("elder", this.on);
    root.style.fontSize = this.on ? `${this.size}px` : "";
    this.toggle.setAttribute("aria-checked", String(this.on));
    document.getElementById("comfort").hidden = !this.on;
    // aria-disabled rather than disabled: a disabled button would drop the keyboard's focus.
    this.smaller.setAttribute("aria-disabled", String(this.size === SIZES[0]));
    this.bigger.setAttribute("aria-disabled", String(this.size === SIZES[SIZES.length - 1]));
  }
}

/** Reading aloud in Mandarin; everything of it stays hidden on a browser that has no Chinese voice. */
export class Aloud {
  constructor() {
    this.speech = window.speechSynthesis ?? null;
    this.voice = null;
    this.reading = null;
    this.auto = shelf.get("aloud") === "yes";
    for (const toggle of document.querySelectorAll(".auto-aloud")) {
      toggle.addEventListener("click", () => this.setAuto(!this.auto));
    }
    if (this.speech) {
      this.speech.addEventListener?.("voiceschanged", () => this.find());
      window.addEventListener("pagehide", () => this.speech.cancel());
    }
    this.find();
  }

  find() {
    const voices = this.speech?.getVoices() ?? [];
    const chinese = voices.filter((voice) => /^(zh|cmn)/i.test(voice.lang));
    this.voice = chinese.find((voice) => /CN|Hans|^cmn/i.test(voice.lang)) ?? chinese[0] ?? null;
    document.documentElement.classList.toggle("can-speak", this.voice !== null);
    this.draw();
  }

  setAuto(on) {
    this.auto = on;
    shelf.set("aloud", on ? "yes" : "no");
    if (!on) this.stop();
    this.draw();
  }

  draw() {
    for (const toggle of document.querySelectorAll(".auto-aloud")) {
      toggle.hidden = this.voice === null;
      toggle.setAttribute("aria-checked", String(this.auto));
    }
  }

  /** Read a text; a second tap on the same button stops it. Without `queue`, what was being read stops first. */
  read(text, button = null, queue = false) {
    if (this.voice === null || !text) return;
    const again = button !== null && button === this.reading;
    if (!queue || again) this.stop();
    if (again) return;
    // Some engines stop in the middle of a long text, so it is read line by line.
    const lines = text.split(/\n+/).filter((line) => line.trim());
    lines.forEach((line, index) => {
      const words = new SpeechSynthesisUtterance(line);
      words.lang = "zh-CN";
      words.voice = this.voice;
      words.rate = 0.9;
      if (index === lines.length - 1) words.addEventListener("end", () => this.mark(button, false));
      this.speech.speak(words);
    });
    this.mark(button, true);
  }

  stop() {
    this.speech?.cancel();
    this.mark(this.reading, false);
  }

  mark(button, reading) {
    if (button === null) return;
    button.classList.toggle("reading", reading);
    button.setAttribute("aria-label", reading ? "停下来，不读了" : "朗读这一条");
    button.querySelector(".aloud-label").textContent = reading ? "停" : "朗读";
    this.reading = reading ? button : this.reading === button ? null : this.reading;
  }
}
