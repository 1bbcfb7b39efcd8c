// @ts-check
/* Buttons that copy the value of a field. Without script the field can be selected by hand. */
import { findAll } from "./dom.js";

export function wireCopyButtons() {
  for (const button of findAll(document, "[data-copy]")) {
    const field = document.getElementById(button.dataset.copy ?? "");
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || !navigator.clipboard)
      continue;
    const [said, done] = findAll(button, ":scope > span");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      said.hidden = true;
      done.hidden = false;
      field.select();
    });
  }
}
