// What the desk shows beside its words: read-back card, proposal, result with receipt, other doors.
//
// Hides how the `show` of a message is drawn, read aloud, copied and printed. Used by chat.js only.

import { button, make, phoneField, saveAs, spokenText, withPhones } from "./chat_bubbles.js";
import { safetyFold } from "./chat_safety.js";

/** What the flags of a record mean to the citizen herself. Flags for the mediator's eyes only are not here. */
const FLAGS = {
  handled_elsewhere: "您说别处已经在处理，调解员会先核对这一点，再跟您说能不能接。",
  no_face_to_face_first: "为了您的安全，调解员会先单独联系您，不会一上来就让双方见面。",
  joint_case: "一起的人多，可以推选几位代表，大家合在一起申请。",
};
const KEPT =
  "谁留着什么：您点头以前，这些只在这次谈话里，您随时能删；点头交出去以后，这一份登记和照片由那家调委会保管，谈话还是您的，想删就删。";
/** Characters of a value after which the rest is folded. */
const LONG_WORDS = 70;
const NO_COMMITTEE = "暂时没有找到对得上的调委会，先请人工看一看再联系您。";

function list(title, lines, className = "") {
  if (!lines || lines.length === 0) return null;
  const items = lines.map((line) => make("li", "", typeof line === "string" ? withPhones(line) : line));
  return make("section", `card-part ${className}`.trim(), make("h3", "", title), make("ul", "", ...items));
}

/** A web address from the directory is used only when it is plainly http(s). */
function webLink(address) {
  if (!/^https?:\/\//i.test(address ?? "")) return null;
  const link = make("a", "", "网页");
  link.href = address;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

function committeeLines(body) {
  const rows = [
    ["地址", body.address ? document.createTextNode(body.address) : null],
    ["电话", body.phone ? phoneField(body.phone) : null],
    ["时间", body.hours ? document.createTextNode(body.hours) : null],
    ["网上", webLink(body.url)],
  ].filter((row) => row[1]);
  const table = make("dl", "where");
  for (const [label, value] of rows) table.append(make("div", "", make("dt", "", label), make("dd", "", value)));
  return table;
}

function secondChoices(bodies) {
  const lines = (bodies ?? []).map((body) => {
    const line = make("span", "", make("b", "", body.name));
    if (body.address) line.append(make("span", "line-part", body.address));
    if (body.phone) line.append(make("span", "line-part", phoneField(body.phone)));
    return line;
  });
  return list("也可以去", lines);
}

function readBack(show, onEdit) {
  const card = make("section", "card", make("h3", "card-head", show.title || "我记下的是这样"));
  for (const row of show.card) card.append(cardRow(row, show.editable, onEdit));
  if (show.card.length === 0) card.append(make("p", "row-empty", "还什么都没记。"));
  if (show.editable) {
    card.append(make("p", "card-foot edit-hint", "哪一行不对，点那一行就能改，也可以直接说“金额不对，是三万五”。"));
    card.append(make("p", "card-foot edit-hint", KEPT));
    card.append(make("div", "card-buttons edit-hint", button("打印申请书，签字带去", "card-button", () => toPaper())));
  }
  return card;
}

/** One row: label, value and, beside it, the words it came from. A tap on it corrects; long words are folded. */
function cardRow(row, editable, onEdit) {
  const shown = String(row.shown || "未提供");
  const long = Array.from(shown).length > LONG_WORDS;
  const value = make("span", row.blank ? "row-value blank" : "row-value", shown);
  const content = [make("span", "row-label", row.label), value];
  if (row.words) content.push(make("span", "row-words", `您的原话：“${row.words}”`));
  const files = row.fact === "attachments"; // deleted in the talk, where the pictures are
  let element = make("div", "card-row");
  if (editable && !files) {
    element = button("", "card-row", () => onEdit({ title: `改：${row.label}`, step: "card", value: `edit:${row.fact}` }));
    content.push(make("span", "row-edit", "改"));
  }
  element.append(...content);
  if (!long) return element;
  value.classList.add("folded");
  const unfold = button("看全部", "row-unfold", () => {
    const open = value.classList.toggle("folded");
    unfold.textContent = open ? "看全部" : "收起来";
    unfold.setAttribute("aria-expanded", String(!open));
  });
  unfold.setAttribute("aria-expanded", "false");
  return make("div", "card-fold", element, unfold);
}

function proposal(shown) {
  const body = shown.committee;
  const card = make("section", "card", make("p", "card-kicker", "准备交给"));
  card.append(make("h3", "card-name", body ? body.name : "人工"), body ? committeeLines(body) : make("p", "", NO_COMMITTEE));
  card.append(...[list("为什么分到这里", shown.reasons), secondChoices(shown.alternatives)].filter(Boolean));
  card.append(make("p", "card-foot", "您同意了才会交过去。"));
  return card;
}

function receiptBlock(result) {
  return make(
    "div",
    "receipt",
    make("span", "receipt-label", "回执号（请记好）"),
    make("strong", "receipt-number", result.receipt),
    make("span", "receipt-label", [result.type, dayAndHour(result.filed_at)].filter(Boolean).join(" · ")),
  );
}

function dayAndHour(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const clock = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
  return `${at.getFullYear()}年${at.getMonth() + 1}月${at.getDate()}日 ${clock}`;
}

function safety(result) {
  const lines = (result.flags ?? []).map((flag) => FLAGS[flag]).filter(Boolean);
  if (result.safety_first && !lines.includes(FLAGS.no_face_to_face_first)) lines.unshift(FLAGS.no_face_to_face_first);
  return lines.map((line) => make("p", "card-safety", withPhones(line)));
}

/** Time limits, each with its article and what it does not promise. Receipts filed before there were any have none. */
function limits(result) {
  const lines = (result.limits ?? []).map((limit) => {
    const line = make("span", "", limit.said);
    line.append(make("span", "line-part row-words", `${limit.caveat}（${limit.article}）`));
    return line;
  });
  return list("时间上别错过", lines);
}

function resultParts(result) {
  const body = result.committee;
  return [
    ...safety(result),
    make("p", "card-kicker", body ? "已经交给" : "接下来"),
    body ? make("h3", "card-name", body.name) : make("p", "", NO_COMMITTEE),
    body ? committeeLines(body) : null,
    list("要带的东西", result.bring, "ticks"),
    list("为什么分到这里", result.reasons),
    secondChoices(result.alternatives),
    limits(result),
    list("当地的规定", (result.local_rules ?? []).map((rule) => `${rule.said}（${rule.article}${rule.checked_on ? "" : "，还没核对过，请以当地为准"}）`)),
    list("不耽误您走别的路", result.doors),
  ].filter(Boolean);
}

function resultCard(result) {
  const state = make("span", "copy-state", "");
  state.setAttribute("role", "status");
  const copy = button("复制回执", "card-button", async () => {
    state.textContent = (await copyText(resultText(result))) ? "复制好了" : "没能复制，请长按编号自己复制";
  });
  const paper = button("打印回执", "card-button", () => printReceipt(result));
  const form = button("打印申请书", "card-button", () => toPaper(result.receipt));
  const buttons = make("div", "card-buttons", copy, paper, form, state);
  return make("section", "card result", receiptBlock(result), buttons, ...resultParts(result));
}

/** To the page of the application form. Replaced, not followed: after 快速离开 nothing lies behind the back button. */
function toPaper(receipt = "") {
  window.location.replace(receipt ? `/paper?receipt=${encodeURIComponent(receipt)}` : "/paper");
}

/** Buttons that chat_rights.js answers: the page itself does what they say, nothing of it stands in the talk. */
function rightsCard(title, actions) {
  const buttons = actions.map(([label, detail]) =>
    button(label, "card-button", () => document.dispatchEvent(new CustomEvent("fenzhen-rights", { detail }))),
  );
  return make("section", "card", make("h3", "card-head", title), make("div", "card-buttons", ...buttons));
}

/** One button that puts an appointed session into the telephone's calendar. */
function calendarCard({ number, file }) {
  const save = button("存到手机日历", "card-button", () => saveAs(new Blob([file], { type: "text/calendar" }), `${number}.ics`));
  return make("section", "card", make("div", "card-buttons", save));
}

/** The card of a `show`, or null when there is none. `onEdit(choice)` is called when a row is to be corrected. */
export function cardOf(show, onEdit) {
  if (!show) return null;
  if (Array.isArray(show.card)) return readBack(show, onEdit);
  if (show.safety) return safetyFold(show.safety);
  if (show.proposal) return proposal(show.proposal);
  if (show.result) return resultCard(show.result);
  if (show.code) return rightsCard("换一台接着说", [["看短码", "code"]]);
  if (show.calendar) return calendarCard(show.calendar);
  if (show.export) return rightsCard("拿走一份", [["存成网页，能直接看", "html"], ["存成 JSON", "json"]]);
  if (Array.isArray(show.doors)) return make("div", "card", list("可以去这里办", show.doors));
  return null;
}

function bodyText(body) {
  return [body.name, body.address && `地址：${body.address}`, body.phone && `电话：${body.phone}`, body.hours && `时间：${body.hours}`]
    .filter(Boolean)
    .join("\n");
}

function titled(title, lines) {
  return lines && lines.length > 0 ? `${title}：\n${lines.map((line) => `· ${line}`).join("\n")}` : "";
}

/** A result as plain text, for the clipboard. */
export function resultText(result) {
  return [
    `回执号：${result.receipt}`,
    result.committee ? bodyText(result.committee) : NO_COMMITTEE,
    titled("要带的东西", result.bring),
    titled("也可以去", (result.alternatives ?? []).map((body) => [body.name, body.phone].filter(Boolean).join("，"))),
    titled("时间上别错过", (result.limits ?? []).map((limit) => limit.said)),
    titled("别的路", result.doors),
  ]
    .filter(Boolean)
    .join("\n");
}

/** A message as it is read aloud, card included. */
export function spokenMessage(message) {
  const parts = [message.text];
  const show = message.show ?? {};
  if (Array.isArray(show.card)) parts.push(...show.card.map((row) => `${row.label}，${row.shown || "未提供"}`));
  if (show.proposal) parts.push(...whereSpoken(show.proposal), ...(show.proposal.reasons ?? []));
  if (show.result) {
    const { result } = show;
    parts.push(`回执号，${[...String(result.receipt)].join(" ")}`, ...whereSpoken(result));
    if (result.bring?.length) parts.push(`要带：${result.bring.join("，")}`);
    parts.push(...(result.limits ?? []).map((limit) => limit.said), ...(result.doors ?? []));
  }
  if (Array.isArray(show.doors)) parts.push(...show.doors);
  return parts.filter(Boolean).map(spokenText).join("。\n");
}

function whereSpoken({ committee }) {
  if (!committee) return [NO_COMMITTEE];
  const phone = committee.phone ? `电话，${[...committee.phone.replace(/\D/g, "")].join(" ")}` : "";
  return [committee.name, committee.address, phone, committee.hours].filter(Boolean);
}

/** Copy a text; falls back to the old way, because the clipboard's API exists on https only. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", "unseen");
    area.value = text;
    area.readOnly = true;
    document.body.append(area);
    const focused = document.activeElement;
    area.select();
    let copied = false;
    try {
      copied = document.execCommand("copy");
    } catch {
      copied = false;
    }
    area.remove();
    focused?.focus?.();
    return copied;
  }
}

/** Print one receipt on a sheet of its own; without a result, the talk as it stands on the screen. */
export function printReceipt(result) {
  const sheet = document.getElementById("receipt-print");
  sheet.replaceChildren();
  document.body.classList.toggle("printing-receipt", Boolean(result));
  if (result) {
    const centre = document.querySelector("h1")?.textContent ?? "";
    sheet.append(make("h2", "", "人民调解受理回执"), make("p", "sheet-centre", centre), receiptBlock(result), ...resultParts(result));
    sheet.append(make("p", "sheet-foot", "调解不收钱。您愿意才调解，随时可以停，也可以去仲裁、去法院。"));
  }
  window.print();
}
