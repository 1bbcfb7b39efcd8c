// @ts-check
import { closest, findAll } from "./dom.js";

/** `data-open="id"` opens that dialog; `data-close` closes the one it stands in.
    A dialog with `data-open-now` is open when the page arrives (the server refused something). */
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
