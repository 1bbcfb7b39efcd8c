// @ts-check
import { closest, find, findAll } from "./dom.js";

/** What saves a press or two while planning; every form works without it.
    A select in a form with `data-submit-on-change` sends it. A link to a field that stands in a language
    not shown shows that language first. */
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
