/* Numbers of an appeal, set anew while the page is looked at. Without script the page shows those of the
   moment when it was drawn. */
export const EVERY = 5_000; // ms: with what caches keep, a number is ten seconds old at most
export const MOST_FAULTS = 3; // one after another: then nothing is asked for any more

function show(list, columns) {
  for (const { column, count, number, as_of_words: asOf } of columns) {
    const one = list.querySelector(`[data-column="${column}"]`);
    if (!one || count === null) continue;
    one.classList.remove("counters__one--none");
    one.querySelector("[data-number]").textContent = number;
    one.querySelector("[data-as-of]").textContent = asOf;
  }
}

/** Ask for the numbers of one list again and again; gives a function that stops it. */
export function followCounters(list, { fetch = window.fetch.bind(window), page = document } = {}) {
  let faults = 0;
  const timer = setInterval(async () => {
    if (page.hidden) return;
    try {
      const answer = await fetch(list.dataset.counters, { credentials: "omit", redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
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
  for (const list of document.querySelectorAll("[data-counters]")) followCounters(list);
}
