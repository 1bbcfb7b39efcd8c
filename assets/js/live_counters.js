// @ts-check
/* Refreshes the numbers of an appeal while the page is visible. Without script the page shows those of the
   time it was rendered. */
import { find, findAll } from "./dom.js";

export const EVERY = 5_000; // ms: with what caches keep, a number is ten seconds old at most
export const MOST_FAULTS = 3; // one after another: then nothing is asked for any more

/** @typedef {{ column: string, count: number | null, number: string, as_of_words: string }} Column */

/** @type {(list: HTMLElement, columns: Column[]) => void} */
function show(list, columns) {
  for (const { column, count, number, as_of_words: asOf } of columns) {
    const one = list.querySelector(`[data-column="${column}"]`);
    if (!one || count === null) continue;
    one.classList.remove("counters__one--none");
    find(one, "[data-number]").textContent = number;
    find(one, "[data-as-of]").textContent = asOf;
  }
}

/**
 * Ask for the numbers of one list every few seconds.
 * @param {HTMLElement} list with the address in data-counters
 * @param {{ fetch?: typeof window.fetch, page?: { hidden: boolean } }} [given] for tests
 * @returns {() => void} stops it
 */
export function followCounters(list, { fetch = window.fetch.bind(window), page = document } = {}) {
  let faults = 0;
  const timer = setInterval(async () => {
    if (page.hidden) return;
    try {
      const answer = await fetch(String(list.dataset.counters), { credentials: "omit", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      show(list, (await answer.json()).columns);
      faults = 0;
    } catch {
      faults += 1;
      if (faults === MOST_FAULTS) clearInterval(timer);
    }
  }, EVERY);
  return () => clearInterval(timer);
}

export function wireLiveCounters() {
  for (const list of findAll(document, "[data-counters]")) followCounters(list);
}
