/* The list of a dialog that is asked of the server, anew while one types in its search. */
const QUIET = 250; // ms without typing before the list is asked for

/** `url()` is asked with `?q=`, `rows` is the name of the list in its answer, `lang()` the language of its words.
    Each row fills the `data-…` places of the dialog's template; those in `ours` are in the page's language. */
export const searchedList = ({ url, rows, value, ours, lang }) => ({
  found: new Map(),
  wire(dialog) {
    const search = dialog.querySelector("[data-search]");
    search.addEventListener("input", () => {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.opened(dialog), QUIET);
    });
    // Enter in the search looks at once; it puts nothing in.
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(this.later);
      this.opened(dialog);
    });
  },
  async opened(dialog) {
    const asked = {};
    this.asked = asked; // an answer that is late is not shown
    const told = dialog.querySelector("[data-found]");
    const query = new URLSearchParams({ q: dialog.querySelector("[data-search]").value });
    let found = null;
    try {
      const answer = await fetch(`${url()}?${query}`);
      if (answer.ok) found = (await answer.json())[rows];
    } catch {
      // Offline: said below.
    }
    if (this.asked !== asked) return;
    this.found = new Map((found ?? []).map((one) => [one.id, one]));
    const list = dialog.querySelector("[data-list]");
    list.hidden = !found?.length;
    told.textContent = found ? (found.length ? "" : told.dataset.none) : told.dataset.failed;
    const made = (found ?? []).map((one) => row(dialog.querySelector("template"), one, { value, ours, lang: lang() }));
    list.querySelector(".pick").replaceChildren(...made);
  },
});

function row(template, one, { value, ours, lang }) {
  const made = template.content.firstElementChild.cloneNode(true);
  made.querySelector("input").value = one[value];
  for (const place of made.querySelectorAll("[data-said]")) {
    const name = place.dataset.said;
    place.textContent = one[name];
    if (!ours.includes(name)) place.lang = lang;
  }
  return made;
}
