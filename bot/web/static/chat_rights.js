// Going on with the talk on another device, and a copy of everything to take along.
//
// Hides the two dialogs (show a code, type a code) and how a file is saved. The code is fetched when she looks at it and
// never stands in the talk. Used by chat.js; a card's button asks by the event "fenzhen-rights" (chat_cards.js).

import { saveAs } from "./chat_bubbles.js";
import { Refusal, server, shelf } from "./chat_wire.js";

const part = (id) => document.getElementById(id);

function show(dialog) {
  if (typeof dialog.showModal === "function") dialog.showModal();
  else dialog.setAttribute("open", "");
}

async function showCode(token) {
  const digits = part("code-digits");
  const until = part("code-until");
  digits.textContent = "……";
  until.textContent = "";
  show(part("code"));
  try {
    const { code, until: iso } = await server.code(token);
    digits.textContent = `${code.slice(0, 4)} ${code.slice(4)}`;
    const at = new Date(iso);
    until.textContent = `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")} 之前有效，只能用一次。`;
  } catch (error) {
    digits.textContent = "";
    until.textContent = error instanceof Refusal ? error.message : "没取到，请关上再点一次。";
  }
}

async function save(token, as) {
  const file = await server.copy(token, as);
  saveAs(file, as === "html" ? "我的资料.html" : "我的资料.json");
}

/** `tokenNow()` gives the open talk's token; `onResumed()` opens the talk whose token was put on the shelf. */
export function listenRights(tokenNow, onResumed, onTrouble) {
  document.addEventListener("fenzhen-rights", async ({ detail }) => {
    if (detail === "code") showCode(tokenNow());
    else await save(tokenNow(), detail).catch(() => onTrouble("没有存成，请再点一次。"));
  });
  part("code-close").addEventListener("click", () => part("code").close?.());
  for (const opener of document.querySelectorAll("[data-resume]")) {
    opener.addEventListener("click", () => {
      part("resume-trouble").textContent = "";
      part("resume-code").value = "";
      show(part("resume"));
      part("resume-code").focus();
    });
  }
  part("resume-close").addEventListener("click", () => part("resume").close?.());
  part("resume-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = part("resume-code").value.replace(/\D/g, "");
    if (typed.length !== 8) {
      part("resume-trouble").textContent = "短码是 8 个数字，请再看看。";
      return;
    }
    try {
      const { token } = await server.resume(typed);
      shelf.drop("opening");
      shelf.set("token", token);
      part("resume").close?.();
      onResumed();
    } catch (error) {
      part("resume-trouble").textContent = error instanceof Refusal ? error.message : "现在连不上，过一会儿再试。";
    }
  });
}
