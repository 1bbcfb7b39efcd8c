// @ts-check
/* The chooser: people are filtered by committee, list, language and name, chosen one by one or by chance. */
import { find, findAll, findOptional } from "../dom.js";
import { drawn } from "./chance.js";

/** @typedef {{ box: HTMLInputElement, row: HTMLElement, name: string, position: string, email: string,
 *   address: string, languages: string[], committee: string, list: string }} Person */

/** @type {(row: Element | null, selector: string) => string} */
const wordsOf = (row, selector) => findOptional(row, selector)?.textContent?.trim() ?? "";

/** What has no element of its own is said of the body; an empty one says that nothing is known. An address
    may always be that of the body. @type {(box: HTMLInputElement) => Person} */
function personOf(box) {
  const row = /** @type {HTMLElement} */ (box.closest("li"));
  const body = row.closest("[data-body]");
  const group = /** @type {HTMLElement | null} */ (row.closest("[data-group]"));
  const has = (/** @type {string} */ selector) => findOptional(row, selector) !== null;
  const languages = has("small") ? wordsOf(row, "small") : wordsOf(body, ":scope > p > small");
  return {
    box,
    row,
    name: wordsOf(row, "b"),
    position: has("span") ? wordsOf(row, "span") : wordsOf(body, "[data-position]"),
    email: wordsOf(row, "i"),
    address: wordsOf(row, "address") || wordsOf(body, ":scope > address"),
    languages: languages.split(", ").filter(Boolean),
    committee: group?.dataset.c ?? "",
    list: group?.dataset.l ?? "",
  };
}

/** @type {(person: Person, filters: HTMLElement[]) => boolean} */
function passes(person, filters) {
  return filters.every((filter) => {
    const wanted = /** @type {HTMLInputElement | HTMLSelectElement} */ (filter).value.trim();
    if (!wanted) return true;
    switch (filter.dataset.filter) {
      case "language":
        return person.languages.includes(wanted);
      case "name":
        return person.name.toLocaleLowerCase().includes(wanted.toLocaleLowerCase());
      case "list":
        return person.list === wanted;
      default:
        return person.committee === wanted;
    }
  });
}

/**
 * Wire the chooser. `changed` is called whenever others are chosen.
 * @param {HTMLElement} root
 * @param {() => void} changed
 */
export function wirePeople(root, changed) {
  const boxes = /** @type {HTMLInputElement[]} */ (findAll(root, "[name=target]"));
  const people = boxes.map(personOf);
  const filters = findAll(root, "[data-filter]");
  const chosen = () => people.filter(({ box }) => box.checked);
  /** @type {Set<HTMLInputElement>} */
  const written = new Set(); // boxes of people whose letter is counted
  const mark = findOptional(root, "[data-written-mark]");

  const filter = () => {
    for (const person of people) person.row.hidden = !passes(person, filters) && !person.box.checked;
    for (const group of findAll(root, "[data-group], [data-body]"))
      group.hidden = !findOptional(group, "li:not([hidden])");
  };
  /** @type {(person: Person) => boolean} */
  const isDrawable = (person) =>
    passes(person, filters) && !person.box.checked && !person.box.disabled && !written.has(person.box);
  const show = () => {
    const names = chosen().map(({ name }) => name);
    find(root, "[data-chosen]").textContent = names.join(", ");
    find(root, "[data-chosen-none]").hidden = names.length > 0;
    changed();
  };
  /** @type {(box: HTMLInputElement, ticked: boolean) => void} */
  const tick = (box, ticked) => {
    box.checked = ticked;
    show();
  };
  /** Untick people whose letters are counted and mark them: they are declared again only if they are ticked
      anew. @type {(uuids: string[]) => void} */
  const markWritten = (uuids) => {
    for (const { box, row } of people.filter((one) => uuids.includes(one.box.value))) {
      box.checked = false;
      if (!written.has(box) && mark instanceof HTMLTemplateElement) row.append(mark.content.cloneNode(true));
      written.add(box);
    }
    show();
    filter();
  };
  for (const one of filters) one.addEventListener("input", filter);
  for (const box of boxes) box.addEventListener("change", show);
  findOptional(root, "[data-chance]")?.addEventListener("click", () => {
    const rest = people.filter(isDrawable);
    const one = drawn(rest, ({ box }) => Number(box.dataset.n ?? 0));
    if (!one) return;
    tick(one.box, true);
    one.row.scrollIntoView({ block: "nearest" });
  });
  findOptional(root, "[data-nobody]")?.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    show();
    filter();
  });
  return { chosen, show, tick, markWritten, byUuid: (/** @type {string} */ uuid) => boxes.find((box) => box.value === uuid) };
}
