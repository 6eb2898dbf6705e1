// Marking words: the tokens of the desk's own tokenizer, a selection that is snapped to them, and what it is.
//
// A selection that cuts a token is named and widened to whole words; whoever means just these characters can say so.
// What is marked stands in the form as lines "kind word". Used by training_teach.js.

const LONGEST = 12;
const NO_WORD = /[\s，。！？；：、,.!?]/;

export class Marks {
  constructor(form) {
    this.form = form;
    this.text = "";
    this.tokens = [];
    this.spans = [];
    this.picked = null; // {start, end, exact: {start, end} | null}
    this.anchor = 0;
    this.head = -1;
    this.area = document.getElementById("cutting");
    this.strip = document.getElementById("tokens");
    this.told = document.getElementById("picked");
    this.exact = document.getElementById("exact");
    this.right = document.getElementById("right");
    this.rightWord = document.getElementById("right-word");
    this.buttons = [...document.querySelectorAll("#kinds [data-kind]")];
    this.list = document.getElementById("marked");
    this.buttons.forEach((button, at) => button.addEventListener("click", () => this.mark(at)));
    this.exact.addEventListener("click", () => {
      this.strip.focus(); // the button goes: whoever works by keyboard stays here
      this.take(this.picked.exact, null);
    });
    document.getElementById("right-keep").addEventListener("click", () => this.keepSlip());
    this.rightWord.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.keepSlip();
    });
    this.strip.addEventListener("click", (event) => this.tapped(event));
    this.strip.addEventListener("keydown", (event) => this.walked(event));
    document.addEventListener("selectionchange", () => this.dragged());
    this.draw();
  }

  // The line being taught, as the tokenizer cuts it.
  show(text, tokens, spans) {
    this.text = text;
    this.tokens = tokens;
    this.spans = spans;
    this.picked = null;
    this.head = -1; // the word under the keyboard's cursor
    this.area.hidden = tokens.length === 0;
    let at = 0;
    const parts = [];
    tokens.forEach(([start, end], number) => {
      if (start > at) parts.push(text.slice(at, start));
      const token = document.createElement("span");
      token.className = "token";
      token.id = `token-${number}`;
      token.setAttribute("role", "option");
      token.setAttribute("aria-selected", "false");
      const known = spans.find((span) => span.start <= start && end <= span.end);
      if (known) {
        token.classList.add("known");
        token.title = `已经认得：${known.name}`;
      }
      token.textContent = text.slice(start, end);
      parts.push(token);
      at = end;
    });
    this.strip.replaceChildren(...parts);
    this.told.textContent = "";
    this.lit();
  }

  // The words changed: what was chosen is of another line.
  forget() {
    this.text = "";
    this.picked = null;
    this.told.textContent = "";
    this.lit();
  }

  // A selection in characters of the line: snapped to whole words, and told when it cut one.
  choose(start, end) {
    while (start < end && !this.text[start]?.trim()) start += 1;
    while (end > start && !this.text[end - 1]?.trim()) end -= 1;
    const within = this.tokens.filter(([from, to]) => from < end && to > start);
    if (!within.length) return;
    const whole = { start: within[0][0], end: within[within.length - 1][1] };
    const cuts = whole.start < start || whole.end > end;
    this.take(whole, cuts ? { start, end } : null);
  }

  take(span, exact) {
    this.picked = { ...span, exact };
    const word = this.text.slice(span.start, span.end);
    this.picked.fit = word.length > 1 && word.length <= LONGEST && !NO_WORD.test(word);
    const known = this.spans.find((one) => one.start === span.start && one.end === span.end);
    const said = [`选中“${word}”。`];
    if (exact) said[0] = `您选的“${this.text.slice(exact.start, exact.end)}”断在词中间，补齐成“${word}”了。`;
    if (known) said.push(`前台已经认得它：${known.name}。`);
    if (!this.picked.fit) said.push(`一个词是 2 到 ${LONGEST} 个字，没有标点：再选一次。`);
    this.told.textContent = said.join("");
    this.exact.hidden = !exact;
    this.exact.textContent = exact ? `就要“${this.text.slice(exact.start, exact.end)}”，前台切错了` : "";
    this.right.hidden = true;
    this.lit();
  }

  lit() {
    const { start, end } = this.picked ?? { start: -1, end: -1 };
    this.tokens.forEach(([from, to], number) => {
      const inside = from < end && to > start;
      this.strip.querySelector(`#token-${number}`).setAttribute("aria-selected", String(inside));
    });
    for (const button of this.buttons) button.disabled = !this.picked?.fit;
    if (!this.picked) {
      this.exact.hidden = true;
      this.right.hidden = true;
    }
  }

  numberOf(node) {
    const token = (node instanceof Element ? node : node?.parentElement)?.closest(".token");
    return token && this.strip.contains(token) ? Number(token.id.slice("token-".length)) : -1;
  }

  // One touch takes a word; a touch on its neighbour takes both.
  tapped(event) {
    const number = this.numberOf(event.target);
    const selection = document.getSelection();
    if (number < 0 || (selection && !selection.isCollapsed)) return;
    const [start, end] = this.tokens[number];
    const next = this.picked && (this.picked.end === start || this.picked.start === end);
    const from = next ? Math.min(start, this.picked.start) : start;
    this.anchor = number;
    this.head = number;
    this.take({ start: from, end: next ? Math.max(end, this.picked.end) : end }, null);
  }

  // Dragging over the strip selects characters, as text is selected anywhere.
  dragged() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !this.strip.contains(selection.anchorNode)) return;
    const from = this.numberOf(selection.anchorNode);
    const to = this.numberOf(selection.focusNode);
    if (from < 0 || to < 0) return;
    const ends = [this.tokens[from][0] + selection.anchorOffset, this.tokens[to][0] + selection.focusOffset];
    this.choose(Math.min(...ends), Math.max(...ends));
  }

  walked(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key === "Escape") {
      this.picked = null;
      this.told.textContent = "";
      this.lit();
      return;
    }
    if (!(event.key in steps) || event.altKey || !this.tokens.length) return;
    event.preventDefault();
    const last = this.tokens.length - 1;
    this.head = Math.min(last, Math.max(0, this.head + steps[event.key]));
    if (!event.shiftKey) this.anchor = this.head;
    const [low, high] = [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head)];
    this.strip.setAttribute("aria-activedescendant", `token-${this.head}`);
    this.take({ start: this.tokens[low][0], end: this.tokens[high][1] }, null);
  }

  mark(at) {
    const kind = this.buttons[at]?.dataset.kind;
    if (!kind || !this.picked?.fit) return;
    const word = this.text.slice(this.picked.start, this.picked.end);
    if (kind === "word/slip") {
      this.right.hidden = false;
      this.rightWord.value = "";
      this.rightWord.focus();
      return;
    }
    this.keep(`${kind} ${word}`);
  }

  keepSlip() {
    const word = this.text.slice(this.picked.start, this.picked.end);
    const right = this.rightWord.value.trim();
    if (!right) return;
    this.keep(`word/slip ${word} ${right}`);
    this.form.text.focus();
  }

  lines() {
    return this.form.marks.value.split("\n").filter((one) => one.trim());
  }

  keep(line) {
    if (document.activeElement?.dataset.kind) this.strip.focus();
    this.form.marks.value = [...new Set([...this.lines(), line])].join("\n");
    this.picked = null;
    this.told.textContent = "标好了，和这句话一起提出来。";
    this.lit();
    this.draw();
  }

  // What is marked, each with a button that takes it back.
  draw() {
    const named = Object.fromEntries(this.buttons.map((one) => [one.dataset.kind, one.textContent.replace(/^\d\. /, "")]));
    this.list.replaceChildren(
      ...this.lines().map((line) => {
        const [kind, ...words] = line.split(" ");
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button second";
        button.textContent = `${words.join(" → ")}：${named[kind]} ✕`;
        button.setAttribute("aria-label", `${words.join(" → ")}：${named[kind]}，去掉`);
        button.addEventListener("click", () => {
          this.form.marks.value = this.lines().filter((one) => one !== line).join("\n");
          this.strip.focus();
          this.draw();
        });
        item.append(button);
        return item;
      }),
    );
    this.list.hidden = !this.list.children.length;
    if (this.list.children.length) this.area.hidden = false;
    this.lit();
  }
}
