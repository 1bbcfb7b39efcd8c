/** `data-open="id"` opens that dialog; `data-close` closes the one it stands in.
    A dialog with `data-open-now` is open when the page arrives (the server refused something). */
export function wireDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.open);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    event.target.closest("[data-close]")?.closest("dialog")?.close();
  });
  for (const dialog of document.querySelectorAll("dialog[data-open-now]")) dialog.showModal();
}
