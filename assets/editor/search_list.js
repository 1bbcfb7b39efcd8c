// @ts-check
/* The list in a dialog that the server searches while one types. */
import { copyOf, find, findAll } from "../js/dom.js";

const QUIET = 250; // ms without typing before the list is asked for

/** @typedef {{ id: string } & Record<string, string>} Row */

export class SearchedList {
  /**
   * @param {{ url: () => string, rows: string, value: string, ours: string[], lang: () => string }} given `url()` is
   *   asked with `?q=`; `rows`: the name of the list in its answer; `value`: of a row, that is sent; `lang()`: the
   *   language of its words. Each row fills the `data-…` places of the dialog's template; those in `ours` are in the
   *   page's language.
   */
  constructor(given) {
    this.given = given;
    /** @type {Map<string, Row>} */
    this.found = new Map();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.later = undefined;
    this.asked = {};
  }

  /** @param {HTMLDialogElement} dialog */
  wire(dialog) {
    const search = find(dialog, "[data-search]");
    search.addEventListener("input", () => {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.load(dialog), QUIET);
    });
    // Enter in the search looks at once; it puts nothing in.
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      clearTimeout(this.later);
      this.load(dialog);
    });
  }

  /**
   * Asks the server, and shows what it has.
   * @param {HTMLDialogElement} dialog
   */
  async load(dialog) {
    const { url, rows } = this.given;
    const asked = {};
    this.asked = asked; // an answer that is late is not shown
    const told = find(dialog, "[data-found]");
    const query = new URLSearchParams({ q: find(dialog, "[data-search]", HTMLInputElement).value });
    /** @type {Row[] | null} */
    let found = null;
    try {
      const answer = await fetch(`${url()}?${query}`);
      if (answer.ok) found = (await answer.json())[rows];
    } catch {
      // Offline: said below.
    }
    if (this.asked !== asked) return;
    this.found = new Map((found ?? []).map((one) => [one.id, one]));
    const list = find(dialog, "[data-list]");
    list.hidden = !found?.length;
    told.textContent = (found ? (found.length ? "" : told.dataset.none) : told.dataset.failed) ?? "";
    const template = find(dialog, "template", HTMLTemplateElement);
    find(list, ".pick").replaceChildren(...(found ?? []).map((one) => this.row(template, one)));
  }

  /**
   * @param {HTMLTemplateElement} template
   * @param {Row} one
   */
  row(template, one) {
    const { value, ours, lang } = this.given;
    const made = copyOf(template);
    find(made, "input", HTMLInputElement).value = one[value];
    for (const place of findAll(made, "[data-said]")) {
      const { said: name = "" } = place.dataset;
      place.textContent = one[name];
      if (!ours.includes(name)) place.lang = lang();
    }
    return made;
  }
}
