// @ts-check
import { closest, find, findAll } from "./dom.js";

/**
 * Shortcuts in planning forms; every form works without them. A form with `data-submit-on-change` is
 * submitted on change. A link to a field in a hidden language shows that language first.
 */
export function wirePlanningForms() {
  for (const form of findAll(document, "form[data-submit-on-change]", HTMLFormElement)) {
    find(form, "[type=submit]").hidden = true;
    form.addEventListener("change", () => form.requestSubmit());
  }
  document.addEventListener("click", (event) => {
    const link = closest(event, "[data-error-summary] a[href^='#']");
    const field = link instanceof HTMLAnchorElement && document.getElementById(link.hash.slice(1));
    const panel = field ? field.closest("[data-language]") : null;
    if (!field || !(panel instanceof HTMLElement)) return;
    const tab = panel.dataset.language;
    find(document, `#language-${tab}`, HTMLInputElement).checked = true;
    event.preventDefault();
    field.focus();
  });
}
