// What the page keeps on this device, and how its words reach the server.
//
// Hides: browser storage that may be switched off, the bearer token, the error envelope, ids, retries and the order of
// messages. Knows nothing of how a bubble looks. Used by chat.js and chat_comfort.js.

const PREFIX = "fenzhen.";
const ANSWER_WITHIN_MS = 45_000;
const RETRY_AFTER_MS = [1_500, 4_000];
/** After that the page says so, keeps the words and goes on trying by itself: a database may be away for a minute. */
const AND_THEN_EVERY_MS = 15_000;
const UPLOAD_WITHIN_MS = 300_000;
const FILES = "/api/conversations/current/attachments";
const ADOPT_AFTER_MS = 60_000;
const memory = new Map();

/** Small texts kept on this device under our own prefix; in memory only when the browser forbids storage. */
export const shelf = {
  get(key) {
    try {
      return localStorage.getItem(PREFIX + key) ?? memory.get(key) ?? null;
    } catch {
      return memory.get(key) ?? null;
    }
  },
  set(key, text) {
    try {
      localStorage.setItem(PREFIX + key, text);
      memory.delete(key);
    } catch {
      memory.set(key, text);
    }
  },
  drop(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // Storage is forbidden: then there is nothing to remove.
    }
  },
  keys() {
    try {
      const kept = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      return [...new Set([...kept.map((key) => key.slice(PREFIX.length)), ...memory.keys()])];
    } catch {
      return [...memory.keys()];
    }
  },
  /** Forget everything that this page ever kept here. */
  clear() {
    for (const key of this.keys()) this.drop(key);
    try {
      sessionStorage.removeItem(PREFIX + "tab");
    } catch {
      // As above.
    }
  },
};

/** Whether a storage event is about `key` of ours. */
export function isAbout(event, key) {
  return event.key === PREFIX + key;
}

/** A random UUID. `crypto.randomUUID` exists on https only, and a centre may serve its own network over http. */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The server answered, and said no. `message` is the server's Chinese for the citizen. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** No answer came: no network, or the server is down. */
export class Unreachable extends Error {}

async function call(method, path, { token = null, body = null } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ANSWER_WITHIN_MS);
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== null) headers["Content-Type"] = "application/json";
  let response;
  let answer = null;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === null ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: abort.signal,
    });
    const text = await response.text();
    try {
      answer = text ? JSON.parse(text) : {};
    } catch {
      answer = null;
    }
  } catch (cause) {
    throw new Unreachable("no answer", { cause });
  } finally {
    clearTimeout(timer);
  }
  if (response.ok && answer !== null) return answer;
  const error = answer?.error ?? {};
  const message = error.message || "这边出了点小毛病，您说的话还留着。";
  throw new Refusal(response.ok ? 500 : response.status, error.code || "broken", message);
}

/** The bytes of a sent file, as a Blob; `small` for its small picture. */
async function file(token, id, small) {
  let response;
  try {
    response = await fetch(`${FILES}/${id}${small ? "?size=small" : ""}`, { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
  } catch (cause) {
    throw new Unreachable("no answer", { cause });
  }
  if (response.ok) return response.blob();
  const answer = await response.json().catch(() => null);
  throw new Refusal(response.status, answer?.error?.code ?? "broken", answer?.error?.message ?? "这会儿打不开，过一会儿再试。");
}

/** Send one file; `onShare(0…1)` as it goes. fetch cannot tell how far an upload is, so the older way is used. */
function sendFile(item, onShare) {
  return new Promise((resolve, reject) => {
    const upload = new XMLHttpRequest();
    item.upload = upload;
    upload.open("POST", FILES);
    upload.setRequestHeader("Authorization", `Bearer ${item.token}`);
    upload.timeout = UPLOAD_WITHIN_MS;
    upload.upload.addEventListener("progress", (event) => event.lengthComputable && onShare(event.loaded / event.total));
    upload.addEventListener("load", () => {
      let answer = null;
      try {
        answer = JSON.parse(upload.responseText);
      } catch {
        answer = null;
      }
      if (upload.status < 300 && answer) resolve(answer);
      else reject(new Refusal(upload.status, answer?.error?.code ?? "broken", answer?.error?.message ?? "这边出了点小毛病，照片还在，请再传一次。"));
    });
    for (const way of ["error", "timeout", "abort"]) {
      upload.addEventListener(way, () => reject(new Unreachable(way)));
    }
    const form = new FormData();
    form.append("id", item.id);
    form.append("file", item.file, item.file.name || "照片");
    upload.send(form);
  });
}

/** The chat API, one function per route (see the API's table in docs). */
export const server = {
  open: () => call("POST", "/api/conversations", { body: {} }),
  current: (token, after) => call("GET", `/api/conversations/current?after=${after}`, { token }),
  say: (token, body) => call("POST", "/api/conversations/current/messages", { token, body }),
  receipts: (token) => call("GET", "/api/conversations/current/receipts", { token }),
  file,
  sendFile,
  dropFile: (token, id) => call("DELETE", `${FILES}/${id}`, { token }),
  code: (token) => call("POST", "/api/conversations/current/code", { token, body: {} }),
  resume: (code) => call("POST", "/api/resume", { body: { code } }),
  copy: async (token, as) => {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`/api/conversations/current/export?as=${as}`, { headers, cache: "no-store" });
    if (!response.ok) throw new Unreachable("no copy");
    return response.blob();
  },
  notice: () => call("GET", "/api/notice"),
};

function tabName() {
  try {
    const kept = sessionStorage.getItem(PREFIX + "tab") ?? freshId();
    sessionStorage.setItem(PREFIX + "tab", kept);
    return kept;
  } catch {
    return "only";
  }
}

/**
 * Words on their way to the server: in order, one at a time, kept on the device until answered.
 *
 * `hooks`: state(item, "waiting"|"sending"|"failed", refusal|null), answered(item, answer), refused(item, refusal).
 * An item is {id, token, text} or {id, token, choice}, and is sent again under the same id, so twice is harmless.
 */
export class Outbox {
  constructor(hooks) {
    this.hooks = hooks;
    this.items = [];
    this.busy = false;
    this.halted = false;
    this.epoch = 0;
    this.later = null;
    this.tab = tabName();
    window.addEventListener("online", () => this.retry());
  }

  get empty() {
    return this.items.length === 0;
  }

  /** Put words (or a tapped choice) at the end of the queue. Returns the item at once. */
  add(token, words) {
    const item = { id: freshId(), token, tab: this.tab, at: Date.now(), ...words };
    shelf.set(`out.${item.id}`, JSON.stringify(item));
    this.items.push(item);
    return item;
  }

  /** Words left over from a reload of this tab, or from a tab that was closed before they went out. */
  leftOver(token) {
    const found = [];
    for (const key of shelf.keys().filter((name) => name.startsWith("out."))) {
      try {
        const item = JSON.parse(shelf.get(key));
        const mine = item.tab === this.tab || Date.now() - item.at > ADOPT_AFTER_MS;
        if (item.token === token && mine && !this.items.some((known) => known.id === item.id)) found.push(item);
        if (item.token !== token) shelf.drop(key);
      } catch {
        shelf.drop(key);
      }
    }
    found.sort((one, other) => one.at - other.at);
    this.items.push(...found);
    return found;
  }

  /** Forget every waiting word; returns them. An answer still on its way is ignored. */
  clear() {
    const dropped = this.items;
    for (const item of dropped) shelf.drop(`out.${item.id}`);
    this.items = [];
    this.epoch += 1;
    this.busy = false;
    this.halted = false;
    return dropped;
  }

  /** Try again after a failure. */
  retry() {
    this.halted = false;
    this.pump();
  }

  /** Send what waits, head first, until the queue is empty or the head fails. */
  async pump() {
    if (this.busy || this.halted) return;
    this.busy = true;
    const epoch = this.epoch;
    for (let failures = 0; this.items.length > 0 && epoch === this.epoch; ) {
      const item = this.items[0];
      this.hooks.state(item, "sending", null);
      const body = item.choice ? { id: item.id, choice: item.choice } : { id: item.id, text: item.text };
      try {
        const answer = await server.say(item.token, body);
        if (epoch !== this.epoch) return;
        this._done(item);
        failures = 0;
        await this.hooks.answered(item, answer);
      } catch (error) {
        if (epoch !== this.epoch) return;
        const refusal = error instanceof Refusal ? error : null;
        if (refusal === null && !(error instanceof Unreachable)) {
          this.busy = false;
          throw error;
        }
        if (refusal !== null && refusal.status < 500) {
          this._done(item);
          await this.hooks.refused(item, refusal);
          continue;
        }
        if (failures < RETRY_AFTER_MS.length && refusal?.code !== "broken") {
          await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS[failures]));
          failures += 1;
          continue;
        }
        this.halted = true;
        this.busy = false;
        this.hooks.state(item, "failed", refusal);
        clearTimeout(this.later);
        if (refusal?.code !== "broken") this.later = setTimeout(() => this.retry(), AND_THEN_EVERY_MS);
        return;
      }
    }
    if (epoch === this.epoch) this.busy = false;
  }

  _done(item) {
    this.items = this.items.filter((other) => other !== item);
    shelf.drop(`out.${item.id}`);
  }
}
