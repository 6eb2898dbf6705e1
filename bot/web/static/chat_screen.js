// The talk on the screen: where a message is drawn, what waits below it, what scrolls into view.
//
// Hides which messages were already drawn and how waiting words are shown. Knows neither server nor storage; a tap is
// told to `onChoice`, a wish to send again to `onRetry`. Used by chat.js only.

import { bubble, button, make, pageNotice } from "./chat_bubbles.js";
import { cardOf, spokenMessage } from "./chat_cards.js";

const NEAR_BOTTOM_PX = 120;
const part = (id) => document.getElementById(id);

/** The log, the typing sign, the buttons under it, and the step in the header. */
export class Screen {
  constructor({ aloud, onChoice, onRetry, pictureOf }) {
    Object.assign(this, { aloud, onChoice, onRetry, pictureOf });
    this.talk = part("talk");
    this.log = part("log");
    this.typing = part("typing");
    this.choices = part("choices");
    this.waiting = new Map(); // outbox id → bubble of words on their way
    part("fresh").addEventListener("click", () => this._onward());
    for (const scroller of [this.talk, document]) {
      scroller.addEventListener("scroll", () => this.atBottom() && this.hintMore(false), { passive: true });
    }
    this.clear();
  }

  /** Empty the screen for another conversation. */
  clear() {
    this.last = 0; // highest number of a stored message drawn
    this.editable = null; // the newest read-back card
    this.result = null; // the newest result
    this.offered = "";
    this.waiting.clear();
    this.log.replaceChildren();
    this.choices.replaceChildren();
    this.choices.hidden = true;
    this.drawTyping(false);
    part("step").hidden = true;
    this.drawMediator(null);
    part("fresh").hidden = true;
  }

  /** Draw what is new of `messages`. Returns the elements drawn. */
  drawNew(messages) {
    const fresh = (messages ?? []).filter((message) => !(message.seq > 0 && message.seq <= this.last));
    return fresh.map((message) => {
      if (message.seq > 0) this.last = Math.max(this.last, message.seq);
      return this._draw(message);
    });
  }

  /** Above the words that still wait to be sent: that is the order in which the server will keep them. */
  _draw(message) {
    const waiting = this.log.querySelector(".turn.pending");
    const above = waiting ? waiting.previousElementSibling : this.log.lastElementChild;
    const extra = cardOf(message.show, (choice) => this.onChoice(choice));
    const onAloud = (mark) => this.aloud.read(spokenMessage(message), mark);
    const body = message.show?.attachment ? this.pictureOf(message.show.attachment) : null;
    const element = bubble(message, { before: timeAbove(above), extra, body, onAloud });
    this.log.insertBefore(element, waiting);
    if (message.show?.editable && Array.isArray(message.show.card)) this.editable = extra;
    if (message.show?.result) this.result = message.show.result;
    return element;
  }

  /** A deleted picture leaves a word in its place. */
  dropPicture(id) {
    const tile = this.log.querySelector(`[data-attachment="${CSS.escape(id)}"]`);
    tile?.replaceWith(make("div", "bubble", make("p", "words", "［已删除］")));
  }

  /** The buttons, the step and what may still be corrected, as the server's answer has it. */
  drawStanding(standing) {
    const step = standing.step ?? null;
    const status = standing.status ?? "open";
    const choices = standing.choices ?? [];
    const going = step?.of > 0 && step.n > 0 && status === "open";
    part("step").hidden = !going && status !== "filed";
    part("step-text").textContent = going ? `第 ${step.n} 步，共 ${step.of} 步` : "已经交上去了";
    part("step-bar").max = going ? step.of : 1;
    part("step-bar").value = going ? step.n : 1;
    for (const row of this.log.querySelectorAll("button.card-row")) {
      row.disabled = !["open", "filed"].includes(status) || !this.editable?.contains(row);
    }
    for (const hint of this.log.querySelectorAll(".edit-hint")) {
      hint.hidden = !["open", "filed"].includes(status) || !this.editable?.contains(hint);
    }
    this.offer(choices);
  }

  /** Who speaks: the name of a mediator, or null for the desk. */
  drawMediator(name) {
    const line = name ? `${name} 调解员在和您说话` : "";
    if (part("with").textContent !== line) part("with").textContent = line;
    part("with").hidden = !name;
  }

  /** Buttons under the last bubble. The same buttons again are left alone, so that the focus stays. */
  offer(choices) {
    const key = JSON.stringify(choices);
    if (key === this.offered) return;
    this.offered = key;
    const buttons = choices.map((choice) => button(choice.title, "choice", (event) => this.onChoice(choice, event)));
    this.choices.replaceChildren(...buttons);
    this.choices.hidden = choices.length === 0;
  }

  /** One button of the page's own under the last bubble. */
  offerAction(title, act) {
    this.offered = "";
    this.choices.replaceChildren(button(title, "choice", act));
    this.choices.hidden = false;
    this.showNewest();
  }

  /** A word of the page itself in the talk. */
  notice(text, options) {
    const element = pageNotice(text, options);
    this.log.insertBefore(element, this.log.querySelector(".turn.pending"));
    this.showNewest();
    return element;
  }

  /** The bubble of words on their way: `state` is waiting, sending or failed. */
  drawWaiting(item, state, refusal) {
    let element = this.waiting.get(item.id);
    if (!element) {
      const message = { who: "citizen", at: new Date(item.at).toISOString(), text: item.text ?? item.choice.title };
      element = bubble(message, { before: timeAbove(this.log.lastElementChild) });
      element.classList.add("pending");
      this.waiting.set(item.id, element);
      this.log.append(element);
    }
    element.querySelector(".sending")?.remove();
    element.trouble?.remove();
    if (state === "failed") {
      element.querySelector(".said").append(button("没发出去，点这里重发", "sending failed", this.onRetry));
      const text = refusal ? refusal.message : "网络好像不通。您说的话都还留着，不会丢。";
      const actions = [button("再试一次", "page-button", this.onRetry)];
      element.trouble = this.notice(text, { help: true, grave: refusal !== null, actions });
    } else if (state === "waiting") {
      element.querySelector(".said").append(make("span", "sending", "等着发出"));
    }
    this.drawTyping(state === "sending");
    if (state !== "sending") this.showNewest();
  }

  /**
   * The words of `item` have arrived. `copy` is the server's message of them, or null. The bubble stays where it is,
   * so that a screen reader does not say her own words twice; with `keep` false it goes.
   */
  dropWaiting(item, copy, keep = true) {
    const element = this.waiting.get(item.id);
    this.waiting.delete(item.id);
    element?.trouble?.remove();
    const drawn = copy !== null && copy.seq > 0 && copy.seq <= this.last;
    if (!keep || drawn) element?.remove();
    element?.classList.remove("pending");
    element?.querySelector(".sending")?.remove();
    // The desk covers identity numbers; the screen shows them covered too, for whoever looks over her shoulder.
    const words = element?.querySelector(".words");
    if (words && copy?.text && copy.text.includes("**")) words.textContent = copy.text;
    if (copy?.seq > 0) this.last = Math.max(this.last, copy.seq);
  }

  drawTyping(on) {
    if (on === this.typing.childElementCount > 0) return;
    this.typing.replaceChildren();
    if (!on) return;
    const stay = !this.atBottom();
    const dots = make("span", "dots", make("i"), make("i"), make("i"));
    dots.setAttribute("aria-hidden", "true");
    this.typing.append(make("span", "unseen", "对方正在输入"), dots);
    if (!stay) this.showNewest();
  }

  /** With little height (zoom) the page scrolls as one instead of the talk. */
  _scroller() {
    const inner = getComputedStyle(this.talk).overflowY !== "visible";
    return inner ? this.talk : document.scrollingElement;
  }

  atBottom() {
    const scroller = this._scroller();
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM_PX;
  }

  /** Bring the newest into view: the bottom, or the top of `first` when what is new is taller than the screen. */
  showNewest(first = null) {
    const scroller = this._scroller();
    const bottom = scroller.scrollHeight - scroller.clientHeight;
    const edge = scroller === this.talk ? this.talk.getBoundingClientRect().top : 0;
    const top = first?.isConnected ? first.getBoundingClientRect().top - edge + scroller.scrollTop - 8 : bottom;
    scroller.scrollTop = Math.min(bottom, top);
    this.hintMore(bottom - top > NEAR_BOTTOM_PX);
  }

  /** Say that there is more below: a long card hides the buttons under it. */
  hintMore(shown) {
    part("fresh").hidden = !shown;
  }

  /** A screen further down; from far above, to the end. */
  _onward() {
    const scroller = this._scroller();
    const screenful = scroller.clientHeight;
    const bottom = scroller.scrollHeight - screenful;
    const far = bottom - scroller.scrollTop > 4 * screenful;
    scroller.scrollTop = far ? bottom : Math.min(bottom, scroller.scrollTop + 0.8 * screenful);
    if (this.atBottom()) this.hintMore(false);
  }
}

function timeAbove(element) {
  for (let above = element; above; above = above.previousElementSibling) {
    if (above.dataset.at) return new Date(Number(above.dataset.at));
  }
  return null;
}
