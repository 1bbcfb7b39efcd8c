// @ts-check
import { findAll } from "./dom.js";

/* Asks before leaving a page with unsaved input in a form with `data-guard`. */
/** @type {Set<object>} */
const changed = new Set();

/** Marks something as holding unsaved words, or as saved. The editor calls it as well.
    @type {(key: object, unsaved: boolean) => void} */
export function setUnsaved(key, unsaved) {
  if (unsaved) changed.add(key);
  else changed.delete(key);
}

/** @type {(form: HTMLFormElement) => string} */
function snapshot(form) {
  return [...new FormData(form)]
    .filter(([name]) => name !== "csrfmiddlewaretoken")
    .map(([name, value]) => `${name}=${value instanceof File ? `${value.name}:${value.size}` : value}`)
    .join("\n");
}

export function wireUnsavedForms() {
  for (const form of findAll(document, "form[data-guard]", HTMLFormElement)) {
    const before = snapshot(form);
    form.addEventListener("input", () => setUnsaved(form, snapshot(form) !== before));
    form.addEventListener("submit", () => setUnsaved(form, false));
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed.size) event.preventDefault();
  });
}
