/* The door of a press conference on a phone: works without a connection once it was opened with one. */
import { wireLiveUpdates } from "../live_updates.js";
import { show } from "./feedback.js";
import { Camera } from "./camera.js";
import { ENDED, CheckInSync, OFFLINE, ONLINE, OVER, SIGNED_OUT } from "./sync.js";
import { hashOf, normalizeCode } from "./code_hash.js";
import { removeOfflinePage, Store } from "./store.js";

const SOON = 15_000; // until the next try while something waits or there is no connection
const page = document.querySelector("#door");
const part = (id) => document.querySelector(`#${id}`);
const words = JSON.parse(part("door-words").textContent);
const clock = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: page.dataset.zone });
const store = new Store(page.dataset.event);
const codes = new Map(); // mark → the end of a code, while the page is open: for telling whose tick it was
let gone = false;
let shown; // the tick on the screen, which may still be undone
let state = navigator.onLine ? "" : OFFLINE;

const filled = (words_, given) => words_.replaceAll(/\{(\w+)\}/g, (_all, name) => given[name] ?? "");
const time = (moment) => clock.format(new Date(moment));

const sync = new CheckInSync({
  changes: page.dataset.changes,
  ticks: page.dataset.ticks,
  store,
  answered: tell,
});
sync.after = talked;

async function enter(written) {
  if (gone) return;
  const code = normalizeCode(written);
  let found = code ? await looked(code) : { said: "unknown" };
  if (found.said === "unknown" && code && state === ONLINE) {
    await sync.talk(); // somebody new since the last look?
    found = await looked(code);
  }
  if (found.said === "empty") return notice(state === ONLINE || !state ? words.loading : words.no_list);
  shown = found.said === "here" ? found : undefined;
  if (found.mark) codes.set(found.mark, code.slice(-4));
  const given = { time: found.at ? time(found.at) : "" };
  const word = filled(words[found.said], given);
  show(part("answer"), { said: found.said, word, why: why(found, await store.door()) });
  part("undo").hidden = !shown;
  await refresh();
  if (shown) sync.talk();
}

async function looked(code) {
  const door = await store.door();
  if (!door.salt) return { said: "empty" };
  return store.tick(await hashOf(code, door));
}

function why({ said }, door) {
  if (said === "here") return state === ONLINE ? "" : words.kept;
  if (said === "unknown" && state === OFFLINE) return filled(words.unknown_offline, { time: time(door.asked) });
  return words[`${said}_why`] ?? "";
}

/** The server answered ticks of this phone. The one on the screen is put right; of the others it is told. */
function tell(answers, batch) {
  const entries = new Map(batch.map((entry) => [entry.mark, entry]));
  for (const answer of answers) {
    const entry = entries.get(answer.mark);
    if (!entry || entry.takes_back) continue;
    if (shown?.mark === answer.mark) correct(answer);
    const key = { here: answer.other ? "told_also" : "", before: "told_before" }[answer.seen];
    const sentence = words[key ?? `told_${answer.seen}`];
    if (sentence) note(sentence, entry, answer);
  }
}

function correct({ seen, since, other }) {
  const late = filled(words.other_phone, { other: other ? time(other) : "" });
  if (seen === "here") part("answer").querySelector(".door__why").textContent = other ? late : words.sent;
  else if (seen !== "taken_back") {
    const word = filled(words[seen], { time: time(since) });
    show(part("answer"), { said: seen, word, why: seen === "before" ? late : (words[`${seen}_why`] ?? "") });
    part("undo").hidden = true;
    shown = undefined;
  }
}

function note(sentence, { mark, at }, { other }) {
  const line = document.createElement("li");
  const end = codes.get(mark);
  line.textContent = filled(sentence, { time: time(at), other: other ? time(other) : "" }) + (end ? ` (…${end})` : "");
  part("told").prepend(line);
  part("told").closest("section").hidden = false;
}

async function talked(told) {
  if (gone) return;
  state = [ONLINE, OVER].includes(told.state) ? ONLINE : told.state === OFFLINE ? OFFLINE : told.state;
  part("sign-in").hidden = told.state !== SIGNED_OUT;
  if (told.state === ENDED) return leave(words.ended);
  if (told.state === OVER) return leave(`${told.why} ${words.over}`);
  if (told.state === SIGNED_OUT) await store.forgetList();
  notice(told.state === SIGNED_OUT ? words.signed_out : told.why);
  await refresh();
}

/** Everything goes from this phone, and the page is of no use any more. */
async function leave(why_) {
  gone = true;
  camera.stop();
  await store.forgetAll();
  await removeOfflinePage(store.name);
  notice(why_);
  for (const one of page.querySelectorAll("form, #answer, #count, .door__state, .door__told, .door__kept, #sign-in")) {
    one.hidden = true;
  }
}

function notice(sentence) {
  const box = part("notice");
  box.hidden = !sentence;
  box.querySelector(".notice > :last-child").textContent = sentence;
}

async function refresh() {
  if (gone) return;
  const [door, waiting, { here, confirmed }] = await Promise.all([store.door(), store.queued(), store.counts()]);
  const isOn = state === ONLINE;
  part("line").textContent = state ? (isOn ? words.online : words.offline) : "";
  part("line").dataset.line = isOn ? "on" : "off";
  part("waiting").textContent = waiting.length ? filled(words.waiting, { number: waiting.length }) : words.all_sent;
  part("waiting").dataset.count = waiting.length;
  part("last").textContent = door.sent ? filled(words.last, { time: time(door.sent) }) : "";
  part("count").hidden = !door.salt;
  part("count").textContent = filled(words.count, { here, confirmed });
  if (!door.salt && state === OFFLINE) notice(words.no_list);
  if (door.until && Date.now() + (door.skew ?? 0) > door.until) await passed(waiting);
}

/** The event is over, also where nobody could tell us: the list goes, what is not sent stays until it is. */
async function passed(waiting) {
  if (waiting.length) await store.forgetList();
  else await leave(words.over);
  if (!gone) notice(words.over);
}

const camera = new Camera({ part: part("camera"), scanner: page.dataset.scanner, found: (code) => enter(code) });

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
  const [start, stop] = button.querySelectorAll("span");
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
  sync.talk();
}

async function forget() {
  const sure = part("sure");
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
    const { value } = part("code");
    part("code").value = "";
    part("code").focus();
    if (value.trim()) enter(value);
  });
  part("undo").addEventListener("click", undo);
  part("scan").addEventListener("click", toggleCamera);
  part("scan").hidden = !navigator.mediaDevices?.getUserMedia;
  part("forget").addEventListener("click", forget);
  page.addEventListener("live", () => sync.talk());
  window.addEventListener("online", () => sync.talk());
  window.addEventListener("offline", () => {
    state = OFFLINE;
    refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && camera.isOn) toggleCamera();
    else if (!document.hidden) sync.talk();
  });
  setInterval(() => !gone && !document.hidden && sync.talk(), SOON);
}

async function begin() {
  if (!window.indexedDB || !window.crypto?.subtle) return notice(words.not_here);
  wire();
  await refresh();
  if (!gone) await sync.talk();
  if (!gone && state === ONLINE) await navigator.serviceWorker?.register(page.dataset.worker).catch(() => undefined);
  if (!gone) wireLiveUpdates();
}

begin();
