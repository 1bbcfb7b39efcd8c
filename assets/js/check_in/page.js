// @ts-check
/* Checking guests in at the entrance of a press conference, on a phone. Works without a connection once it was
   opened with one. */
import { find, findAll, jsonIn } from "../dom.js";
import { wireLiveUpdates } from "../live_updates.js";
import { show } from "./feedback.js";
import { Camera } from "./camera.js";
import { ENDED, CheckInSync, OFFLINE, ONLINE, OVER, SIGNED_OUT } from "./sync.js";
import { hashOf, normalizeCode } from "./code_hash.js";
import { removeOfflinePage, Store } from "./store.js";

/** @typedef {import("./sync.js").TickAnswer} TickAnswer */
/** @typedef {import("./store.js").QueueEntry} QueueEntry */

const SOON = 15_000; // until the next try while something waits or there is no connection
const page = find(document, "#door");
/** @type {(id: string) => HTMLElement} */
const part = (id) => find(document, `#${id}`);
/** @type {Record<string, string>} */
const words = jsonIn(document, "#door-words");
const clock = new Intl.DateTimeFormat("ru", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: page.dataset.zone,
});
const store = new Store(String(page.dataset.event));
/** @type {Map<string, string>} */
const codes = new Map(); // mark → the end of a code, while the page is open: for telling whose tick it was
let gone = false;
/** @type {import("./store.js").NewTick | undefined} */
let shown; // the tick on the screen, which may still be undone
let state = navigator.onLine ? "" : OFFLINE;

/** @type {(sentence: string, given: Record<string, string | number>) => string} */
const filled = (sentence, given) =>
  sentence.replaceAll(/\{(\w+)\}/g, (_all, name) => String(given[name] ?? ""));
/** @type {(moment: number) => string} */
const time = (moment) => clock.format(new Date(moment));

const sync = new CheckInSync({
  changes: String(page.dataset.changes),
  ticks: String(page.dataset.ticks),
  store,
  answered: tell,
  after: synced,
});

/** @type {(written: string) => Promise<void>} */
async function enter(written) {
  if (gone) return;
  const code = normalizeCode(written);
  let found = code ? await looked(code) : { said: "unknown" };
  if (found.said === "unknown" && code && state === ONLINE) {
    await sync.run(); // somebody new since the last look?
    found = await looked(code);
  }
  if (found.said === "empty") return notice(state === ONLINE || !state ? words.loading : words.no_list);
  shown = found.mark ? found : undefined;
  if (found.mark) codes.set(found.mark, code.slice(-4));
  const given = { time: found.at ? time(found.at) : "" };
  const word = filled(words[found.said], given);
  show(part("answer"), { said: found.said, word, why: why(found, await store.record()) });
  part("undo").hidden = !shown;
  await refresh();
  if (shown) sync.run();
}

/** @type {(code: string) => Promise<import("./store.js").Tick>} */
async function looked(code) {
  const { salt, rounds = 0 } = await store.record();
  if (!salt) return { said: "empty" };
  return store.tick(await hashOf(code, { salt, rounds }));
}

/** @type {(tick: import("./store.js").Tick, record: import("./store.js").PhoneRecord) => string} */
function why({ said }, record) {
  if (said === "here") return state === ONLINE ? "" : words.kept;
  if (said === "unknown" && state === OFFLINE)
    return filled(words.unknown_offline, { time: time(record.asked ?? 0) });
  return words[`${said}_why`] ?? "";
}

/**
 * The server answered ticks of this phone: correct the one on the screen, list the others.
 * @type {(answers: TickAnswer[], batch: QueueEntry[]) => void}
 */
function tell(answers, batch) {
  const entries = new Map(batch.map((entry) => [entry.mark, entry]));
  for (const answer of answers) {
    const entry = entries.get(answer.mark);
    if (!entry || entry.takes_back) continue;
    if (shown?.mark === answer.mark) correct(answer);
    const key = answer.seen !== "here" ? `told_${answer.seen}` : answer.other ? "told_also" : "";
    const sentence = words[key];
    if (sentence) note(sentence, entry, answer);
  }
}

/** @type {(answer: TickAnswer) => void} */
function correct({ seen, since, other }) {
  const late = filled(words.other_phone, { other: other ? time(other) : "" });
  if (seen === "here") find(part("answer"), ".door__why").textContent = other ? late : words.sent;
  else if (seen !== "taken_back") {
    const word = filled(words[seen], { time: time(since) });
    show(part("answer"), { said: seen, word, why: seen === "before" ? late : (words[`${seen}_why`] ?? "") });
    part("undo").hidden = true;
    shown = undefined;
  }
}

/** @type {(sentence: string, entry: QueueEntry, answer: TickAnswer) => void} */
function note(sentence, { mark, at }, { other }) {
  const line = document.createElement("li");
  const end = codes.get(mark);
  line.textContent =
    filled(sentence, { time: time(at), other: other ? time(other) : "" }) + (end ? ` (…${end})` : "");
  part("told").prepend(line);
  const section = part("told").closest("section");
  if (section) section.hidden = false;
}

/** @type {(told: import("./sync.js").Outcome) => Promise<void>} */
async function synced(told) {
  if (gone) return;
  state = [ONLINE, OVER].includes(told.state) ? ONLINE : told.state === OFFLINE ? OFFLINE : told.state;
  part("sign-in").hidden = told.state !== SIGNED_OUT;
  if (told.state === ENDED) return leave(words.ended);
  if (told.state === OVER) return leave(`${told.why} ${words.over}`);
  if (told.state === SIGNED_OUT) await store.forgetList();
  notice(told.state === SIGNED_OUT ? words.signed_out : told.why);
  await refresh();
}

/**
 * Delete everything from this phone; the page is then of no use.
 * @type {(reason: string) => Promise<void>}
 */
async function leave(reason) {
  gone = true;
  camera.stop();
  await store.forgetAll();
  await removeOfflinePage(store.name);
  notice(reason);
  for (const one of findAll(
    page,
    "form, #answer, #count, .door__state, .door__told, .door__kept, #sign-in",
  )) {
    one.hidden = true;
  }
}

/** @type {(sentence: string) => void} */
function notice(sentence) {
  const box = part("notice");
  box.hidden = !sentence;
  find(box, ".notice > :last-child").textContent = sentence;
}

async function refresh() {
  if (gone) return;
  const [record, waiting, { here, confirmed }] = await Promise.all([
    store.record(),
    store.queued(),
    store.counts(),
  ]);
  const isOn = state === ONLINE;
  part("line").textContent = state ? (isOn ? words.online : words.offline) : "";
  part("line").dataset.line = isOn ? "on" : "off";
  part("waiting").textContent = waiting.length
    ? filled(words.waiting, { number: waiting.length })
    : words.all_sent;
  part("waiting").dataset.count = String(waiting.length);
  part("last").textContent = record.sent ? filled(words.last, { time: time(record.sent) }) : "";
  part("count").hidden = !record.salt;
  part("count").textContent = filled(words.count, { here, confirmed });
  if (!record.salt && state === OFFLINE) notice(words.no_list);
  if (record.until && Date.now() + (record.skew ?? 0) > record.until) await passed(waiting);
}

/** The event is over, also where nobody could tell us: the list goes, what is not sent stays until it is.
    @type {(waiting: QueueEntry[]) => Promise<void>} */
async function passed(waiting) {
  if (waiting.length) await store.forgetList();
  else await leave(words.over);
  if (!gone) notice(words.over);
}

const camera = new Camera({
  part: part("camera"),
  scanner: String(page.dataset.scanner),
  found: (code) => enter(code),
});

async function toggleCamera() {
  const button = part("scan");
  if (camera.isOn) camera.stop();
  else {
    await camera.start().catch(() => {
      camera.stop();
      notice(words.no_camera);
    });
  }
  button.setAttribute("aria-pressed", String(camera.isOn));
  const [start, stop] = findAll(button, "span");
  start.hidden = camera.isOn;
  stop.hidden = !camera.isOn;
}

async function undo() {
  if (!shown) return;
  await store.takeBack(shown);
  show(part("answer"), { said: "taken_back", word: words.taken_back, why: "" });
  part("undo").hidden = true;
  shown = undefined;
  part("code").focus();
  await refresh();
  sync.run();
}

async function forget() {
  const sure = find(document, "#sure", HTMLDialogElement);
  if ((await store.queued()).length) {
    sure.returnValue = "";
    sure.showModal();
    await new Promise((resolve) => sure.addEventListener("close", resolve, { once: true }));
    if (sure.returnValue !== "forget") return;
  }
  await leave(words.forgotten);
}

function wire() {
  part("enter").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = find(document, "#code", HTMLInputElement);
    const { value } = field;
    field.value = "";
    field.focus();
    if (value.trim()) enter(value);
  });
  part("undo").addEventListener("click", undo);
  part("scan").addEventListener("click", toggleCamera);
  part("scan").hidden = !navigator.mediaDevices?.getUserMedia;
  part("forget").addEventListener("click", forget);
  page.addEventListener("live", () => sync.run());
  window.addEventListener("online", () => sync.run());
  window.addEventListener("offline", () => {
    state = OFFLINE;
    refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && camera.isOn) toggleCamera();
    else if (!document.hidden) sync.run();
  });
  setInterval(() => !gone && !document.hidden && sync.run(), SOON);
}

async function begin() {
  if (!window.indexedDB || !window.crypto?.subtle) return notice(words.not_here);
  wire();
  await refresh();
  if (!gone) await sync.run();
  if (!gone && state === ONLINE)
    await navigator.serviceWorker?.register(String(page.dataset.worker)).catch(() => undefined);
  if (!gone) wireLiveUpdates();
}

begin();
