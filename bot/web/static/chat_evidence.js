// Photos and papers as evidence: the paper-clip, what is on its way with progress and retry, pictures in the talk.
//
// Hides file choosing, the upload's order, pictures fetched with the token, and the window that shows one large.
// Used by chat.js; chat_screen.js asks `picture` for what stands in a bubble.

import { bubble, button, make } from "./chat_bubbles.js";
import { Refusal, freshId, server } from "./chat_wire.js";

const LARGEST = 10 * 1024 * 1024;
const part = (id) => document.getElementById(id);

const sizeText = (bytes) => (bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);

/** `hooks`: token(), waiting() → the talk may take files, arrived(), removed(id), ask(text) tells why not. */
export class Evidence {
  constructor(screen, hooks) {
    this.screen = screen;
    this.hooks = hooks;
    this.queue = [];
    this.busy = false;
    this.shown = null; // the attachment in the window
    this.chooser = part("files");
    part("clip").addEventListener("click", () => this.choose());
    this.chooser.addEventListener("change", () => {
      this.take([...this.chooser.files]);
      this.chooser.value = "";
    });
    const talk = part("talk");
    talk.addEventListener("dragover", (event) => event.preventDefault());
    talk.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take([...(event.dataTransfer?.files ?? [])]);
    });
    part("words").addEventListener("paste", (event) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (pasted.length > 0) event.preventDefault();
      this.take(pasted);
    });
    part("picture-close").addEventListener("click", () => part("picture").close());
    part("picture-drop").addEventListener("click", () => this._drop());
    part("picture").addEventListener("close", () => this._closed());
  }

  /** Open the phone's own chooser: camera, album or files. */
  choose() {
    const reason = this.hooks.refusal();
    if (reason) this.screen.notice(reason);
    else this.chooser.click();
  }

  /** Take files in order; what cannot be sent is told at once and costs no waiting. */
  take(files) {
    if (files.length === 0) return;
    const reason = this.hooks.refusal();
    if (reason) {
      this.screen.notice(reason);
      return;
    }
    for (const file of files) {
      const item = { id: freshId(), token: this.hooks.token(), file };
      this._draw(item);
      if (file.size === 0) this._failed(item, "这个文件是空的，请重新选一个。", false);
      else if (file.size > LARGEST) this._failed(item, `这个文件有 ${sizeText(file.size)}，超过 10 MB 了。可以截个图再发。`, false);
      else this.queue.push(item);
    }
    this.screen.showNewest();
    this._pump();
  }

  /** Forget what waits: another talk begins, or she leaves. */
  clear() {
    for (const item of this.queue) item.upload?.abort();
    this.queue = [];
    this.busy = false;
    if (part("picture").open) part("picture").close();
  }

  async _pump() {
    if (this.busy) return;
    this.busy = true;
    while (this.queue.length > 0) {
      const item = this.queue[0];
      try {
        this._progress(item, 0);
        await server.sendFile(item, (share) => this._progress(item, share));
        if (item.dropped) continue;
        item.element.remove();
        URL.revokeObjectURL(item.preview);
        this._out(item);
        await this.hooks.arrived();
      } catch (error) {
        this._out(item);
        if (item.dropped) continue;
        if (error instanceof Refusal && error.code === "unknown_token") {
          item.element.remove();
          await this.hooks.arrived();
          continue;
        }
        const refused = error instanceof Refusal;
        const again = !refused || error.status >= 500 || error.code === "bad_upload" || error.code === "broken_off";
        this._failed(item, refused ? error.message : "网络断了，没传完。照片还在，点“再传一次”。", again);
      }
    }
    this.busy = false;
  }

  _out(item) {
    this.queue = this.queue.filter((other) => other !== item);
  }

  _draw(item) {
    const picture = item.file.type.startsWith("image/");
    item.preview = picture ? URL.createObjectURL(item.file) : "";
    item.state = make("span", "upload-state", "等着传");
    item.state.setAttribute("role", "status");
    item.bar = make("progress", "upload-bar");
    item.bar.max = 1;
    item.bar.value = 0;
    item.bar.setAttribute("aria-label", `${item.file.name} 传了多少`);
    const face = picture
      ? make("div", "", preview(item.preview), make("span", "tile-title", item.file.name))
      : paper(item.file.name, sizeText(item.file.size));
    item.actions = make("div", "upload-actions");
    const body = make("div", "evidence upload", face, item.bar, item.state, item.actions);
    item.element = bubble({ who: "citizen", at: new Date().toISOString(), text: "" }, { body });
    item.element.classList.add("sending-file");
    this.screen.log.append(item.element);
  }

  _progress(item, share) {
    item.actions.replaceChildren();
    item.element.classList.remove("upload-failed");
    item.bar.hidden = false;
    item.bar.value = share;
    // Said only at its ends: a screen reader would read every per cent.
    const text = share >= 1 ? "传完了，正在检查……" : "正在传……";
    if (item.state.textContent !== text) item.state.textContent = text;
  }

  _failed(item, text, again) {
    item.element.classList.add("upload-failed");
    item.bar.hidden = true;
    item.state.textContent = text;
    const retry = button("再传一次", "page-button", () => {
      if (this.queue.includes(item)) return;
      this.queue.push(item);
      this._pump();
    });
    const drop = button("不传了", "page-button", () => {
      this._out(item);
      URL.revokeObjectURL(item.preview);
      item.element.remove();
      part("words").focus();
    });
    item.actions.replaceChildren(...(again ? [retry, drop] : [drop]));
    this.screen.showNewest();
  }

  // —— what was sent ——

  /** The picture (or paper) of a sent attachment, as it stands in the talk. */
  picture(attachment) {
    const { title, kind, pages } = attachment;
    const tile = button("", "evidence tile", () => this._open(attachment));
    tile.dataset.attachment = attachment.id;
    tile.setAttribute("aria-label", `${kind === "pdf" ? "文件" : "照片"}：${title}，点开看`);
    if (kind === "pdf") {
      tile.append(paper(title, pages ? `${pages} 页` : ""));
      return tile;
    }
    const image = preview("");
    tile.append(image, make("span", "tile-title", title));
    server
      .file(this.hooks.token(), attachment.id, true)
      .then((blob) => show(image, blob))
      .catch(() => tile.replaceChildren(paper(title, "这会儿看不到，点一下再试")));
    return tile;
  }

  async _open(attachment) {
    let blob;
    try {
      blob = await server.file(this.hooks.token(), attachment.id, false);
    } catch (error) {
      this.screen.notice(error instanceof Refusal ? error.message : "这会儿打不开，过一会儿再试。");
      return;
    }
    this.shown = { ...attachment, url: URL.createObjectURL(blob) };
    part("picture-title").textContent = attachment.title;
    part("picture-image").replaceChildren(attachment.kind === "pdf" ? paper(attachment.title, sizeText(blob.size)) : picture(this.shown));
    const save = part("picture-save");
    save.href = this.shown.url;
    save.download = attachment.title;
    part("picture").showModal();
  }

  async _drop() {
    const { id } = this.shown;
    const sure = part("picture-drop");
    // A thumb slips easily: the second tap deletes.
    if (!sure.dataset.sure) {
      sure.dataset.sure = "yes";
      sure.textContent = "真的删掉？再点一下";
      return;
    }
    try {
      await server.dropFile(this.hooks.token(), id);
      part("picture").close();
      this.screen.dropPicture(id);
    } catch (error) {
      part("picture").close();
      this.screen.notice(error instanceof Refusal ? error.message : "没删成，网络好像不通，请再试一次。");
    }
  }

  _closed() {
    URL.revokeObjectURL(this.shown?.url ?? "");
    this.shown = null;
    part("picture-image").replaceChildren();
    delete part("picture-drop").dataset.sure;
    part("picture-drop").textContent = "删掉";
  }
}

function show(image, blob) {
  const url = URL.createObjectURL(blob);
  image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
  image.src = url;
}

/** A picture whose title stands beside it; what turns out to be no picture is not shown as a broken one. */
function preview(url) {
  const image = make("img", "evidence-image");
  image.alt = "";
  image.addEventListener("error", () => image.remove());
  if (url) image.src = url;
  return image;
}

function picture({ url, title }) {
  const image = make("img", "");
  image.src = url;
  image.alt = title;
  return image;
}

function paper(title, small) {
  return make("span", "paper-face", make("b", "paper-kind", /\.pdf$/i.test(title) ? "PDF" : "文件"), make("span", "paper-title", title, small ? make("small", "", small) : null));
}
