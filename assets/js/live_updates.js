// @ts-check
/* Live updates. An element with `data-live="topic topic"` gets the event `live` when one of its topics
   changed; its `data-hx-trigger` then reloads it. The topic `me` is the person's inbox and tasks. Messages
   have no content. Nothing is reloaded while somebody types in the element or the page is hidden; that is
   caught up on afterwards. Without a socket the page polls every minute (counter_polling.js). */
import { hasPulse, isUncounted, keepAsking, note, pulse, stopPulse } from "./counter_polling.js";
import { findAll } from "./dom.js";

const SETTLE = 300;
const AGAIN = [1000, 3000, 10_000, 30_000];
const FINAL = 4400; // from here on the server does not want to be asked again
const ME = "me";
const BEAT = 30_000; // who has not said for 75 s that they are here is gone

/** @type {Set<string>} */
const fresh = new Set(); // topics with something that is not shown yet

/** @type {WebSocket | undefined} */
let socket;
let tries = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

const parts = () => findAll(document, "[data-live]");
/** @type {(part: HTMLElement) => string[]} */
const topicsOf = (part) => (part.dataset.live ?? "").split(" ").filter(Boolean);
const topics = () => [...new Set(parts().flatMap(topicsOf))].filter((topic) => topic !== ME);
const isOpen = () => socket?.readyState === WebSocket.OPEN;

/** @type {(part: HTMLElement) => boolean} */
function isTypedIn(part) {
  const focused = document.activeElement;
  return focused !== null && part.contains(focused) && focused.matches("input, select, textarea");
}

/** @type {(names: string[]) => void} */
function heard(names) {
  for (const name of names) fresh.add(name);
  clearTimeout(timer);
  timer = setTimeout(show, SETTLE);
}

function show() {
  if (document.hidden) return;
  const later = new Set();
  for (const part of parts()) {
    const names = topicsOf(part).filter((name) => fresh.has(name));
    if (!names.length) continue;
    if (isTypedIn(part)) for (const name of names) later.add(name);
    else part.dispatchEvent(new CustomEvent("live"));
  }
  fresh.clear();
  for (const name of later) fresh.add(name);
}

function askCounters() {
  if (hasPulse()) pulse([]).catch(() => {}); // the next look makes up for it
}

/** A part with `data-here="topic"` shows who has it open: the page says that its person is there. */
function beat() {
  if (socket?.readyState !== WebSocket.OPEN || document.hidden) return;
  for (const part of findAll(document, "[data-here]")) {
    socket.send(JSON.stringify({ here: part.dataset.here }));
  }
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/ws/live/`);
  socket = opened;
  socket.addEventListener("open", () => {
    for (const topic of topics()) opened.send(JSON.stringify({ subscribe: topic }));
    beat();
    if (tries) {
      heard([...topics(), ME]); // what happened meanwhile
      askCounters();
    }
    tries = 0;
  });
  socket.addEventListener("message", ({ data }) => {
    const told = JSON.parse(data);
    if (told.topic) {
      note(told.topic, told.last);
      heard([told.topic]);
    } else if (told.nudge) {
      heard([ME]);
      askCounters();
    }
  });
  socket.addEventListener("close", ({ code }) => {
    socket = undefined;
    if (code >= FINAL) {
      stopPulse();
      return;
    }
    setTimeout(connect, AGAIN[Math.min(tries, AGAIN.length - 1)]);
    tries += 1;
  });
}

export function wireLiveUpdates() {
  if (!hasPulse() && !topics().length) return;
  connect();
  setInterval(beat, BEAT);
  if (hasPulse()) {
    if (isUncounted()) askCounters();
    keepAsking({
      needed: () => !isOpen(),
      topics,
      heard: (names) => heard([...names, ME]),
    });
  }
  for (const name of ["visibilitychange", "focusout"]) {
    document.addEventListener(name, () => fresh.size && heard([]));
  }
}
