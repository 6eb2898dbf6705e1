// How one message looks: bubble, avatar, time, phone links, and a version of it that is pleasant to hear.
//
// Everything that came from the server or the citizen is put in with textContent: HTML and script stay text.
// Hides: when a time is shown, which digits are a telephone number. Used by chat.js and chat_cards.js.

const STAMP_EVERY_MS = 5 * 60_000;
const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

/** Short numbers that a desk text may name; anything else of five digits is an amount or a house number. */
const SHORT_NUMBERS =
  "110|119|120|122|12110|12309|12310|12315|12318|12320|12328|12329|12333|12336|12337|12338|12345|12348|12350|12351" +
  "|12355|12356|12363|12366|12368|12377|12378|12381|12385|12388|12389|12393|12395|12398";
const PHONE = new RegExp(
  "1[3-9]\\d{9}|0\\d{2,3}[-－ ]?\\d{7,8}|[48]00[- ]?\\d{3,4}[- ]?\\d{3,4}|" +
    `(?:${SHORT_NUMBERS})(?!\\s*(?:[元块万亿千百米㎡亩平吨斤天年月日]|个|多|余|号[楼房院]|[栋幢户层]))`,
  "g",
);

const AVATARS = {
  desk: ["M5 6.5h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-6l-4.5 3.6V17.5H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z", "M8 11.2c1 1.9 2.4 2.8 4 2.8s3-.9 4-2.8"],
  citizen: ["M12 4.2a3.9 3.9 0 1 1 0 7.8 3.9 3.9 0 0 1 0-7.8Z", "M4.5 20.2c.6-3.9 3.6-6 7.5-6s6.9 2.1 7.5 6"],
  mediator: ["M12 3.8a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2Z", "M4.5 20.2c.6-3.7 3.6-5.9 7.5-5.9s6.9 2.2 7.5 5.9", "M9.8 17.3l1.6 1.6 3-3.2"],
};
const SPEAKER = ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4Z", "M15 9.2c1.6 1.6 1.6 4 0 5.6", "M17.5 6.8c3 3 3 7.4 0 10.4"];
const NAMES = { desk: "分诊台", citizen: "我", mediator: "调解员" };

/** An element with a class and children; a string child becomes text, null is left out. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Save something as a file of this name on the device. */
export function saveAs(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A real button, type="button", so that it never submits the form. */
export function button(label, className, onTap) {
  const element = make("button", className, label);
  element.type = "button";
  element.addEventListener("click", onTap);
  return element;
}

function icon(paths) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const drawn of paths) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", drawn);
    svg.append(path);
  }
  return svg;
}

/** Where telephone numbers stand in a text: [from, to) pairs. No lookbehind: older phones do not know it. */
function phoneSpots(text) {
  const spots = [];
  for (const found of text.matchAll(PHONE)) {
    const from = found.index;
    const to = from + found[0].length;
    if (!/[\d.,¥￥-]/.test(text.charAt(from - 1)) && !/^[\d.-]*\d/.test(text.slice(to))) spots.push([from, to]);
  }
  return spots;
}

/** Telephone numbers in a text, in order, without repeats. */
export function phonesIn(text) {
  return [...new Set(phoneSpots(text).map(([from, to]) => text.slice(from, to)))];
}

/** A link that calls a number; `shown` defaults to the number itself. */
export function phoneLink(number, shown = number) {
  const link = make("a", "phone", shown);
  link.href = `tel:${number.replace(/[^\d+]/g, "")}`;
  return link;
}

/** Text with its telephone numbers as tel: links. */
export function withPhones(text) {
  const whole = String(text ?? "");
  const fragment = document.createDocumentFragment();
  let at = 0;
  for (const [from, to] of phoneSpots(whole)) {
    fragment.append(whole.slice(at, from), phoneLink(whole.slice(from, to)));
    at = to;
  }
  fragment.append(whole.slice(at));
  return fragment;
}

/** A telephone field of the directory: every run of digits in it is a number. */
export function phoneField(text) {
  const fragment = document.createDocumentFragment();
  for (const part of String(text ?? "").split(/(\+?\d[\d\- ]+\d)/)) {
    fragment.append(/^\+?\d[\d\- ]+\d$/.test(part) ? phoneLink(part) : part);
  }
  return fragment;
}

/** A text as it should be read aloud: a telephone number digit by digit. */
export function spokenText(text) {
  const whole = String(text ?? "");
  let spoken = "";
  let at = 0;
  for (const [from, to] of phoneSpots(whole)) {
    spoken += `${whole.slice(at, from)} ${[...whole.slice(from, to).replace(/\D/g, "")].join(" ")} `;
    at = to;
  }
  return spoken + whole.slice(at);
}

/** The time as WeChat writes it: today the hour, then 昨天, the weekday, the date. */
export function stampText(at, now = new Date()) {
  const clock = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
  const midnight = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days <= 0) return clock;
  if (days === 1) return `昨天 ${clock}`;
  if (days < 7) return `${WEEKDAYS[at.getDay()]} ${clock}`;
  const year = at.getFullYear() === now.getFullYear() ? "" : `${at.getFullYear()}年`;
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${clock}`;
}

function stamp(at, before) {
  if (Number.isNaN(at.getTime()) || (before && at - before < STAMP_EVERY_MS)) return null;
  const element = make("time", "stamp", stampText(at));
  element.dateTime = at.toISOString();
  return element;
}

const FIRST_CALLS = 3;
/** Dangers whose numbers stand once in the turn, on the screen of safety mode. */
const ON_SCREEN = ["violence", "self_harm", "threat", "minor"];

/** Calm but strong: first the numbers as large buttons, so that nobody in danger has to scroll, then the words. */
function dangerBubble(text, { danger, safety }) {
  const box = make("div", "bubble danger", make("strong", "danger-head", "先顾安全"));
  const shown = (safety?.calls ?? []).slice(0, FIRST_CALLS).map((call) => call.number);
  const numbers = safety || ON_SCREEN.includes(danger) ? shown : phonesIn(text);
  if (numbers.length > 0) {
    const row = make("div", "calls");
    for (const number of numbers) {
      const link = phoneLink(number, `拨打 ${number}`);
      link.className = "call";
      row.append(link);
    }
    box.append(row);
  }
  box.append(make("p", "words", withPhones(text)));
  return box;
}

/**
 * One message as an element. `before` is the Date of the message above, or null; `extra` is the card below the
 * bubble; `body` an element in place of it; `onAloud(button)` makes a read-aloud button, null leaves it out.
 */
export function bubble(message, { before = null, extra = null, body = null, onAloud = null } = {}) {
  const who = message.who in NAMES ? message.who : "desk";
  const at = new Date(message.at);
  const said = make("div", "said", make("span", who === "mediator" ? "name" : "unseen", `${NAMES[who]}${message.show?.name ? ` ${message.show.name}` : ""}：`));
  if (body) {
    said.append(body);
  } else if (message.text) {
    if (message.show?.danger) said.append(dangerBubble(message.text, message.show));
    else said.append(make("div", "bubble", make("p", "words", who === "citizen" ? message.text : withPhones(message.text))));
  }
  if (extra) said.append(extra);
  if (onAloud && who !== "citizen") {
    const aloud = button("", "aloud", () => onAloud(aloud));
    aloud.append(icon(SPEAKER), make("span", "aloud-label", "朗读"));
    aloud.setAttribute("aria-label", "朗读这一条");
    said.append(aloud);
  }
  const avatar = make("span", `avatar ${who}`, icon(AVATARS[who]));
  avatar.setAttribute("aria-hidden", "true");
  const turn = make("div", `turn ${who}`, stamp(at, before), make("div", "line", avatar, said));
  if (extra) turn.classList.add("wide");
  turn.dataset.at = String(at.getTime());
  return turn;
}

/** A notice of the page itself, in the middle of the talk, with buttons and perhaps a word about 12348. */
export function pageNotice(text, { actions = [], help = false, grave = false } = {}) {
  const box = make("div", grave ? "page-notice grave" : "page-notice", make("p", "words", withPhones(text)));
  if (help) box.append(make("p", "words small", withPhones("着急的话，也可以打 12348。")));
  if (actions.length > 0) box.append(make("div", "page-actions", ...actions));
  return box;
}
