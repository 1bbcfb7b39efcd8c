// @ts-check
/* Polls the counters of the rail (unread, waiting): when the socket reports a change, and every minute
   without a socket. Backs off after errors. Pauses while the page is hidden, and catches up afterwards. */
import { find, findAll, findOptional } from "./dom.js";

const EVERY = 60_000;
const SELDOM = 15 * 60_000;
const MOST = 100; // more are shown as so many

/** @type {Map<string, string | number | null>} */
const known = new Map(); // topic → id of its last row that the page has shown

let wait = EVERY;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let missed = false;
let stopped = false;

const rail = () => findOptional(document, "[data-pulse]");

/** @type {(name: string, count: number, words: string) => void} */
function set(name, count, words) {
  for (const counter of findAll(document, `[data-counter="${name}"]`)) {
    const before = Number(counter.dataset.count);
    counter.dataset.count = String(count);
    counter.hidden = !count;
    find(counter, "[data-number]").textContent = count >= MOST ? `${MOST - 1}+` : String(count);
    find(counter, "[data-words]").textContent = words;
    // Said once, and only if there is more of it than before.
    if (count > before) find(document, "[data-counter-said]").textContent = words;
  }
}

/**
 * Remember what a push reported, so that the next poll does not report it again.
 * @type {(topic: string, last: string | number | null) => void}
 */
export function note(topic, last) {
  known.set(topic, last);
}

/** Ask now. Gives the topics among these that have something new; throws if nobody answers.
    @type {(topics: string[]) => Promise<string[]>} */
export async function pulse(topics) {
  const query = new URLSearchParams(topics.map((topic) => ["topic", topic]));
  const answer = await fetch(`${rail()?.dataset.pulse}?${query}`, { redirect: "error" });
  if (answer.status === 401) stopPulse();
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  set("unread", told.unread, told.unread_words);
  set("waiting", told.waiting, told.waiting_words);
  const fresh = Object.keys(told.topics).filter(
    (topic) => told.topics[topic] === null || known.get(topic) !== told.topics[topic],
  );
  for (const topic of fresh) known.set(topic, told.topics[topic]);
  return fresh;
}

/**
 * Ask every minute while `needed()`; `topics()` are asked for, and `heard(topics)` takes what is new.
 * @param {{ needed: () => boolean, topics: () => string[], heard: (topics: string[]) => void }} given
 */
export function keepAsking({ needed, topics, heard }) {
  const look = async () => {
    if (stopped) return;
    missed = document.hidden;
    if (needed() && !missed) {
      try {
        heard(await pulse(topics()));
        wait = EVERY;
      } catch {
        wait = Math.min(2 * wait, SELDOM);
      }
    }
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  };
  timer = setTimeout(look, wait);
  document.addEventListener("visibilitychange", () => {
    if (missed && !document.hidden) look();
  });
}

export function stopPulse() {
  stopped = true;
  clearTimeout(timer);
}

export const hasPulse = () => Boolean(rail());

/** Whether the page came without the number of what waits: counting would have made it late. */
export const isUncounted = () => rail()?.hasAttribute("data-uncounted") ?? false;
