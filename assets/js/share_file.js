// @ts-check
/* Buttons that hand a file to the programs of a phone: messengers, networks. They show only where the browser
   can do it; the link beside them always works. A browser may refuse after a slow download, since the press is
   long past: then the file is there, and a second press hands it on. */
import { findAll } from "./dom.js";

export function wireFileSharing() {
  const probe = new File(["x"], "x.txt", { type: "text/plain" });
  if (!navigator.canShare?.({ files: [probe] })) return;
  for (const button of findAll(document, "[data-share-file]")) wire(button);
}

/** @param {HTMLElement} button */
function wire(button) {
  /** @type {File | undefined} */
  let file;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      file ??= await fetchFile(button);
      await navigator.share({ files: [file] });
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError" && file) {
        button.textContent = button.dataset.ready ?? "";
      } else if (!(error instanceof DOMException && error.name === "AbortError")) {
        location.assign(button.dataset.shareFile ?? "");
      }
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

/** @param {HTMLElement} button */
async function fetchFile(button) {
  const answer = await fetch(button.dataset.shareFile ?? "");
  if (!answer.ok) throw new Error(String(answer.status));
  const { name = "", type = "" } = button.dataset;
  return new File([await answer.blob()], name, { type });
}
