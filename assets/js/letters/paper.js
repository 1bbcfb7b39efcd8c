// @ts-check
/* Printing: sheets are made in the page, printed by the browser, and thrown away. */
import { copyOf, find, findAll } from "../dom.js";

/** @typedef {Record<string, string>} Parts */

/**
 * Print a sheet for each of `sheets`, made of the template of this kind.
 * @param {"letter" | "formal"} kind
 * @param {Parts[]} sheets
 */
export function printSheets(kind, sheets) {
  const paper = find(document, "[data-paper]");
  const template = find(document, `template[data-sheet="${kind}"]`, HTMLTemplateElement);
  paper.replaceChildren(
    ...sheets.map((parts) => {
      const sheet = copyOf(template);
      for (const part of findAll(sheet, "[data-part]")) part.textContent = parts[String(part.dataset.part)] ?? "";
      return sheet;
    }),
  );
  paper.hidden = false;
  document.body.classList.add("prints-paper");
  addEventListener("afterprint", clearPaper, { once: true });
  window.print();
}

export function clearPaper() {
  const paper = find(document, "[data-paper]");
  paper.replaceChildren();
  paper.hidden = true;
  document.body.classList.remove("prints-paper");
}
