// @ts-check
/* Tabs over the controls of a text in several languages, which the server renders below each other. A
   press on a tab opens that language in every text of the form, so that one can write it through. */

import { closest, find, findAll } from "./dom.js";
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
const OPEN_LANGUAGE = "open-language";

/** @type {(box: HTMLElement) => void} */
function wire(box) {
  const list = find(box, "[data-tabs]");
  const tabs = findAll(list, "button", HTMLButtonElement);
  if (tabs.length < 2) return;
  /** @type {(tab: HTMLElement) => HTMLElement} */
  const panelOf = (tab) => find(box, `#${CSS.escape(tab.getAttribute("aria-controls") ?? "")}`);

  /** @type {(chosen: HTMLElement) => void} */
  function open(chosen) {
    for (const tab of tabs) {
      const isOpen = tab === chosen;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      panelOf(tab).hidden = !isOpen;
    }
  }

  const form = box.closest("form");
  form?.addEventListener(OPEN_LANGUAGE, (event) => {
    const language = /** @type {CustomEvent<string>} */ (event).detail;
    const tab = tabs.find((one) => panelOf(one).dataset.language === language);
    if (tab) open(tab);
  });
  /** @type {(tab: HTMLElement) => void} */
  function choose(tab) {
    open(tab);
    form?.dispatchEvent(new CustomEvent(OPEN_LANGUAGE, { detail: panelOf(tab).dataset.language }));
  }

  list.setAttribute("role", "tablist"); // before this script they are no tabs: there are no panels either
  for (const tab of tabs) {
    tab.setAttribute("role", "tab");
    const panel = panelOf(tab);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => choose(tab));
    panel.addEventListener("input", ({ target }) => {
      if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
      if (tab.dataset.state !== "wrong") tab.dataset.state = target.value.trim() ? "" : "empty";
    });
    // The browser's own check, or a link in the summary of errors, leads to a control in a closed panel.
    panel.addEventListener("invalid", () => open(tab), true);
  }
  list.addEventListener("keydown", (event) => {
    const now = tabs.findIndex((tab) => tab === closest(event, "[role=tab]"));
    const step = STEPS[event.key] * (getComputedStyle(list).direction === "rtl" ? -1 : 1);
    const ends = /** @type {Record<string, number>} */ ({ Home: 0, End: tabs.length - 1 });
    const next = ends[event.key] ?? (now + step + tabs.length) % tabs.length;
    if (now < 0 || Number.isNaN(next)) return;
    event.preventDefault();
    open(tabs[next]);
    tabs[next].focus();
  });
  box.dataset.localized = "tabs";
  list.hidden = false;
  open(tabs.find((tab) => "open" in tab.dataset) ?? tabs[0]);
}

export function wireLocalizedTexts() {
  for (const box of findAll(document, "[data-localized]")) wire(box);
}
