// @ts-check
/* The panel beside a text. Its tabs are links with an address (?side=); with script the panel opens at
   once. A panel that depends on the text (data-fresh) is reloaded when it opens. */

import { find, findAll } from "../js/dom.js";

/**
 * Open the panel of that name.
 * @type {(name: string) => void}
 */
export function openSide(name) {
  const link = document.querySelector(`[data-side-tab="${name}"]`);
  if (!link) return;
  for (const tab of findAll(document, "[data-side-tab]")) {
    if (tab === link) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  for (const panel of findAll(document, "[data-side-panel]")) {
    panel.hidden = panel.dataset.sidePanel !== name;
    if (!panel.hidden && "fresh" in panel.dataset) refreshSide(name);
  }
  if (isSheet() && !aside().hasAttribute("data-shown")) showSheet(true);
  const address = new URL(window.location.href);
  address.searchParams.set("side", name);
  window.history.replaceState(null, "", address);
}

/**
 * Reload the panel from the server, unless the focus is in it.
 * @type {(name: string) => void}
 */
export function refreshSide(name) {
  const panel = document.querySelector(`[data-side-panel="${name}"]`);
  if (panel && !panel.contains(document.activeElement)) panel.dispatchEvent(new CustomEvent("refresh"));
}

/**
 * Set the number on a tab; null leaves it as it is.
 * @type {(name: string, count: number | null) => void}
 */
export function countSide(name, count) {
  if (count === null) return;
  for (const badge of findAll(document, `[data-side-count="${name}"]`)) {
    badge.textContent = String(count);
    badge.hidden = count === 0;
  }
}

const aside = () => find(document, "#side");

/** Whether the panel lies over the text now, as on a phone and where two languages need the room. */
export const isSheet = () => getComputedStyle(aside()).position === "fixed" || aside().offsetParent === null;

/** Opens or closes the panel where it is a sheet; the focus goes with it.
    @type {(open: boolean) => void} */
export function showSheet(open) {
  const toggle = find(document, "[data-side-toggle]");
  const had = aside().contains(document.activeElement);
  aside().toggleAttribute("data-shown", open);
  toggle.setAttribute("aria-expanded", String(open));
  if (open) aside().focus();
  else if (had) toggle.focus();
}

function wireSheet() {
  const toggle = find(document, "[data-side-toggle]");
  toggle.hidden = false;
  find(document, "[data-side-close]").hidden = false;
  toggle.addEventListener("click", () => showSheet(!aside().hasAttribute("data-shown")));
  find(document, "[data-side-close]").addEventListener("click", () => showSheet(false));
  aside().addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isSheet()) showSheet(false);
  });
}

export function wireSide() {
  wireSheet();
  for (const tab of findAll(document, "[data-side-tab]")) {
    tab.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openSide(tab.dataset.sideTab ?? "");
    });
  }
}
