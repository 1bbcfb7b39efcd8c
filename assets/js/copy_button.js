/* A button that copies what a field holds. Without script the field can be selected by hand. */
export function wireCopyButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field || !navigator.clipboard) continue;
    const [said, done] = button.querySelectorAll("span");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      said.hidden = true;
      done.hidden = false;
      field.select();
    });
  }
}
