// @ts-check
import { closest, findAll } from "./dom.js";

/** Any button with data-print prints the page; it is shown only where a script runs. */
export function wirePrintButtons() {
  for (const button of findAll(document, "[data-print]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-print]")) window.print();
  });
}
