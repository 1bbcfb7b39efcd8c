// @ts-check
import { closest, findAll } from "./dom.js";

/* Opens and closes dialogs: `data-open="id"` opens that one, `data-close` closes the one around it. A
   dialog with `data-open-now` opens when the page loads (the server refused something). */
export function wireDialogs() {
  document.addEventListener("click", (event) => {
    const opener = closest(event, "[data-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.open ?? "");
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    closest(event, "[data-close]")?.closest("dialog")?.close();
  });
  for (const dialog of findAll(document, "dialog[data-open-now]", HTMLDialogElement)) dialog.showModal();
}
