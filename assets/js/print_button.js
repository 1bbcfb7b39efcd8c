/** Any button with data-print prints the page; it is shown only where a script runs. */
export function wirePrintButtons() {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
