// @ts-check
import { findAll, findOptional } from "./dom.js";

/**
 * A page for a large screen: it says whether it still receives updates. When its link has expired, it
 * reloads, and the server says so.
 */
const LATE = 20_000; // nothing was heard for so long

export function wireStage() {
  const stage = document.querySelector("[data-stage]");
  const line = findOptional(document, "[data-stage-line]");
  if (!stage || !line) return;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {(state: "on" | "lost") => void} */
  const say = (state) => {
    if (line.dataset.line === state) return;
    line.dataset.line = state;
    for (const words of findAll(line, "[data-when]")) {
      words.hidden = words.dataset.when !== state;
    }
  };
  const lost = () => say("lost");
  const heard = () => {
    say("on");
    clearTimeout(timer);
    timer = setTimeout(lost, LATE);
  };
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const status = detail.xhr?.status;
    if (status === 404 || status === 403) location.reload();
    else if (detail.successful) heard();
    else lost();
  });
  // Whoever is signed out meanwhile gets the door instead of the stage.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status !== 200 || detail.serverResponse.includes('id="stage"')) return;
    detail.shouldSwap = false;
    location.reload();
  });
  window.addEventListener("offline", lost);
  heard();
}
