// @ts-check
/* A table at which people support an appeal, on a volunteer's phone: the code on the screen, and taps for people
   without a phone. Taps work without a connection and are sent as one running total, so that sending it twice,
   late or out of order counts nothing twice. Without script each press is a form. */
import { find, findOptional, jsonIn } from "../dom.js";
import { TallyStore } from "./tally.js";

const SOON = 3_000; // between two questions while a code is on the screen
const SELDOM = 15_000;
const PATIENCE = 15_000;
const LEFT = 5 * 60_000; // milliseconds: a code that ends sooner is replaced

/**
 * How the table stands.
 * @typedef {{ state: string, closed: string, taps: number, codes: number, code?: string }} TableState
 *
 * A single-use code.
 * @typedef {{ id: string, picture: string, address: string, seconds: number }} Code
 */

const counter = find(document, "#counter");
/** @type {Record<string, string>} */
const words = jsonIn(document, "#table-words");
const store = new TallyStore(String(counter.dataset.table));
/** @type {(id: string) => HTMLElement} */
const part = (id) => find(document, `#${id}`);
const picture = find(document, "#picture", HTMLImageElement);
const tabs = window.BroadcastChannel ? new BroadcastChannel(store.name) : undefined;

/** @type {Code | undefined} */
let code;
let ends = 0; // of the code, by the phone's clock
let sending = false;
let making = false;
let gone = false; // the link opens nothing any more
let isClosed = counter.dataset.state !== "open" || !part("closed").hidden;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @type {(sentence: string) => void} */
function notice(sentence) {
  const box = part("notice");
  box.hidden = !sentence;
  find(box, ".notice > :last-child").textContent = sentence;
}

/** @type {(isOn: boolean) => void} */
function line(isOn) {
  const shown = part("line");
  if (shown.dataset.line === (isOn ? "on" : "off")) return;
  const languages = findOptional(document, ".table__languages"); // a page stored earlier has none
  if (languages) languages.hidden = !isOn; // without a connection only this language opens
  shown.dataset.line = isOn ? "on" : "off";
  shown.textContent = isOn ? words.online : words.offline;
  if (!isOn) dropCode(words.no_codes);
}

async function draw() {
  const { taps, sequence, sent } = await store.read();
  const waiting = sequence - sent;
  part("own").textContent = String(taps);
  part("waiting").textContent = waiting ? words.waiting.replace("{number}", String(waiting)) : words.sent;
  part("waiting").dataset.count = String(waiting);
}

/**
 * Ask the server. Throws where there is no connection; null where it refuses, which is said on the page.
 * @param {string} address
 * @param {object} [sent] posted as JSON
 */
async function ask(address, sent) {
  const answer = await fetch(address, {
    method: sent ? "POST" : "GET",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: sent ? JSON.stringify(sent) : undefined,
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.ok) {
    line(true);
    return answer.json();
  }
  if (answer.status === 410) {
    await leave();
    return null;
  }
  if (![403, 409, 422, 429].includes(answer.status)) throw new Error(answer.statusText);
  line(true);
  notice((await answer.json()).why);
  return null;
}

/** The link was renewed or the table cancelled: the page stays open with what it counted. */
async function leave() {
  gone = true;
  const { sequence, sent } = await store.read();
  notice(words.ended.replace("{number}", String(sequence - sent)));
  dropCode("");
  await removeOfflinePage();
}

async function send() {
  if (sending || gone) return;
  sending = true;
  try {
    for (;;) {
      const tally = await store.read();
      if (tally.sequence <= tally.sent) break;
      const { device, sequence, taps } = tally;
      const answer = await ask(String(counter.dataset.taps), { device, sequence, taps });
      if (!answer) break;
      notice("");
      await show(answer);
      await store.answered(answer, tally);
    }
  } catch {
    line(false);
  } finally {
    sending = false;
    await draw();
    tabs?.postMessage("drawn");
  }
}

/** @type {(totals: import("./tally.js").Totals) => void} */
function drawTotals({ taps, codes }) {
  part("total-taps").textContent = String(taps);
  part("total-codes").textContent = String(codes);
}

/** @type {(state: TableState) => Promise<void>} */
async function show({ state, closed, taps, codes }) {
  drawTotals({ taps, codes });
  isClosed = Boolean(closed) || state !== "open";
  part("closed").hidden = !closed;
  find(part("closed"), ".notice > :last-child").textContent = closed;
  part("taps").hidden = isClosed;
  find(document, ".table__code").hidden = isClosed;
  await store.remember({ taps, codes }).catch(() => undefined);
}

/** @type {(sentence: string) => void} */
function dropCode(sentence) {
  code = undefined;
  picture.hidden = true;
  picture.removeAttribute("src");
  part("address").textContent = "";
  part("code-words").textContent = sentence;
}

/** @type {(sentence?: string) => Promise<void>} */
async function nextCode(sentence = "") {
  if (making || gone || isClosed) return;
  making = true;
  try {
    /** @type {Code | null} */
    const made = await ask(String(counter.dataset.codes), {});
    if (!made) return dropCode("");
    code = made;
    ends = Date.now() + made.seconds * 1000;
    picture.src = made.picture;
    picture.hidden = false;
    part("address").textContent = made.address;
    part("code-words").textContent = sentence;
  } catch {
    line(false);
  } finally {
    making = false;
  }
}

/** Look how the table and the code on the screen stand, then once more in a while. */
async function look() {
  clearTimeout(timer);
  if (gone) return;
  if (!document.hidden) {
    try {
      const query = code ? `?code=${code.id}` : "";
      const shown = code;
      /** @type {TableState | null} */
      const state = await ask(`${counter.dataset.ask}${query}`);
      if (state) await follow(state, shown);
    } catch {
      line(false);
    }
    await send();
  }
  if (!gone) timer = setTimeout(look, code && !isClosed ? SOON : SELDOM);
}

/** @type {(state: TableState, shown: Code | undefined) => Promise<void>} */
async function follow(state, shown) {
  await show(state);
  if (isClosed) {
    dropCode("");
    const { sequence, sent } = await store.read();
    if (state.state === "closed" && sequence <= sent) await removeOfflinePage();
  } else if (!code) await nextCode();
  else if (code === shown && state.code === "used") {
    navigator.vibrate?.([30, 60, 30]);
    await nextCode(words.used);
  } else if (code === shown && (state.code !== "waiting" || ends - Date.now() < LEFT)) await nextCode();
}

/** The page does not open without a connection any more: nothing is counted on it. */
async function removeOfflinePage() {
  await window.caches?.delete(store.name);
  const registration = await navigator.serviceWorker?.getRegistration?.(String(counter.dataset.page));
  await registration?.unregister();
}

/** @type {(event: SubmitEvent) => void} */
function pressed(event) {
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
  if (!button?.value) return;
  event.preventDefault();
  store.press(Number(button.value)).then(
    async () => {
      navigator.vibrate?.(30);
      await draw();
      await send();
    },
    () => notice(words.not_stored),
  );
}

function wire() {
  part("taps").addEventListener("submit", pressed);
  find(document, "#next", HTMLButtonElement).form?.addEventListener("submit", (event) => {
    event.preventDefault();
    nextCode().then(look);
  });
  tabs?.addEventListener("message", draw);
  window.addEventListener("online", look);
  window.addEventListener("offline", () => line(false));
  document.addEventListener("visibilitychange", () => !document.hidden && look());
}

async function begin() {
  if (!window.indexedDB || !("randomUUID" in crypto)) return; // each press stays a form
  try {
    await draw();
    const { totals } = await store.read();
    if (totals) drawTotals(totals); // the stored page has those of an earlier moment
  } catch {
    return; // a browser that stores nothing: the same
  }
  wire();
  await look();
  const { worker } = counter.dataset;
  if (!isClosed && !gone && findOptional(document, "#line[data-line='on']"))
    await navigator.serviceWorker?.register(String(worker)).catch(() => undefined);
}

begin();
