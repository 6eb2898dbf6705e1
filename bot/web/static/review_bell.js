// The bell: a sound when something new comes. Browsers allow sound only after a tap, so it begins switched off.
//
// Used by review.js and review_talk.js.

const KEY = "fenzhen.ring";

/** A bell with its button. */
export class Bell {
  constructor(button) {
    this.button = button;
    this.sound = null;
    let kept = null;
    try {
      kept = localStorage.getItem(KEY);
    } catch {
      // Storage is forbidden: the bell begins switched off.
    }
    this.on = kept === "on";
    button.hidden = false;
    button.addEventListener("click", () => this._switch());
    // A tap anywhere wakes the sound of a bell that was switched on before.
    document.addEventListener("pointerdown", () => this.on && this._wake(), { once: true });
    this._draw();
  }

  _switch() {
    this.on = !this.on;
    try {
      localStorage.setItem(KEY, this.on ? "on" : "off");
    } catch {
      // As above.
    }
    this._draw();
    if (this.on) {
      this._wake();
      this.ring(false);
    }
  }

  _wake() {
    this.sound ??= new AudioContext();
    this.sound.resume();
  }

  _draw() {
    this.button.setAttribute("aria-pressed", String(this.on));
    this.button.textContent = this.on ? "响铃：开" : "响铃：关";
  }

  /** Ring once, or three times for danger. */
  ring(urgent) {
    document.body.classList.add("rung");
    setTimeout(() => document.body.classList.remove("rung"), 2_000);
    if (!this.on || this.sound?.state !== "running") return;
    for (let time = 0; time < (urgent ? 3 : 1); time += 1) {
      const tone = this.sound.createOscillator();
      const volume = this.sound.createGain();
      const from = this.sound.currentTime + time * 0.35;
      tone.frequency.value = urgent ? 880 : 660;
      volume.gain.setValueAtTime(0.15, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
      tone.connect(volume).connect(this.sound.destination);
      tone.start(from);
      tone.stop(from + 0.3);
    }
  }
}
