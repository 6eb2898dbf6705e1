// The page of the application form: fetches the sheet with this device's token, prints it, saves it as Word.
//
// The sheet's HTML comes from our own template, which escapes every word of hers. Loaded by templates/paper.html.

import { leaveNow } from "./chat_safety.js";
import { shelf } from "./chat_wire.js";

const part = (id) => document.getElementById(id);
const receipt = new URLSearchParams(window.location.search).get("receipt");

async function fetched(form) {
  const query = new URLSearchParams({ as: form, ...(receipt ? { receipt } : {}) });
  const answer = await fetch(`/api/conversations/current/application?${query}`, {
    headers: { Authorization: `Bearer ${shelf.get("token") ?? ""}` },
    cache: "no-store",
  });
  if (answer.ok) return answer;
  const error = await answer.json().catch(() => null);
  throw new Error(error?.error?.message ?? "");
}

/** The message of a refusal, or that the network is down. */
function told(error) {
  part("state").textContent = (error instanceof TypeError ? "" : error.message) || "网络好像不通，过一会儿再试。您说的话都在。";
}

async function show() {
  try {
    part("sheet").innerHTML = await (await fetched("html")).text();
    part("sheet").hidden = false;
    fit();
    part("state").textContent = "";
    part("print").disabled = part("word").disabled = false;
  } catch (error) {
    told(error);
  }
}

async function save() {
  try {
    part("state").textContent = "正在做 Word……";
    const url = URL.createObjectURL(await (await fetched("docx")).blob());
    const link = document.createElement("a");
    link.href = url;
    link.download = "人民调解申请书.docx";
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    part("state").textContent = "Word 存好了。";
  } catch (error) {
    told(error);
  }
}

/** On a phone the whole sheet is shown at once, and large on demand. */
function fit() {
  const sheet = part("sheet");
  const share = Math.min(1, (part("scroll").clientWidth - 28) / sheet.offsetWidth);
  const large = part("larger").getAttribute("aria-pressed") === "true";
  part("larger").hidden = share === 1;
  part("larger").textContent = large ? "缩小看" : "放大看";
  sheet.style.setProperty("--share", large ? "1" : String(share));
}

part("larger").addEventListener("click", () => {
  part("larger").setAttribute("aria-pressed", String(part("larger").getAttribute("aria-pressed") !== "true"));
  fit();
});
window.addEventListener("resize", fit);
document.documentElement.classList.toggle("elder", shelf.get("elder") === "yes");
part("print").addEventListener("click", () => window.print());
part("word").addEventListener("click", save);
// Replaced, not followed: after 快速离开 the back button must not find this page.
part("back").addEventListener("click", () => window.location.replace("/"));
part("leave").addEventListener("click", leaveNow);
show();
