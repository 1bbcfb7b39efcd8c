/** A form with `data-guard` asks before its typed words are lost by leaving the page. */
const changed = new Set();

/** Marks something as holding unsaved words, or as saved. The editor calls it as well. */
export function setUnsaved(key, unsaved) {
  if (unsaved) changed.add(key);
  else changed.delete(key);
}

function snapshot(form) {
  return [...new FormData(form)]
    .filter(([name]) => name !== "csrfmiddlewaretoken")
    .map(([name, value]) => `${name}=${value instanceof File ? `${value.name}:${value.size}` : value}`)
    .join("\n");
}

export function wireUnsavedForms() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    const before = snapshot(form);
    form.addEventListener("input", () => setUnsaved(form, snapshot(form) !== before));
    form.addEventListener("submit", () => setUnsaved(form, false));
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed.size) event.preventDefault();
  });
}
