// @ts-check
/* Suggests people after @ in a comment, of those who may read it. The choice is written as a name, and its
   UUID is sent along, since several may share a name. Without this the name is simply typed. */
import { closest, findOptional } from "../js/dom.js";

/** @typedef {{ uuid: string, name: string, organisation: string }} Mentionable */

const MENTION = /(?:^|[^\p{L}\p{N}@.])@([\p{L}\p{N}][\p{L}\p{N}\s'’.-]{0,40}|)$/u;
const MOST = 8;

/** @type {Map<string, Promise<Mentionable[]>>} */
const known = new Map(); // address → people, while the page is open

/** @type {(field: HTMLTextAreaElement) => string | undefined} */
function addressFor(field) {
  const base = closest({ target: field }, "#comments")?.dataset.people;
  const thread = closest({ target: field }, "[data-thread]")?.dataset.thread;
  const chosen = findOptional(field.form, "[data-audience]", HTMLSelectElement);
  const audience = chosen?.value ?? "";
  return base && `${base}?${new URLSearchParams(thread ? { thread } : { audience })}`;
}

/** @type {(field: HTMLTextAreaElement) => Promise<Mentionable[]>} */
async function peopleFor(field) {
  const address = addressFor(field);
  if (!address) return [];
  const asked = known.get(address);
  if (asked) return asked;
  const found = fetch(address).then(async (answer) => (answer.ok ? (await answer.json()).people : []));
  known.set(address, found);
  found.catch(() => known.delete(address));
  return found;
}

/** @type {(person: Mentionable, typed: string) => boolean} */
const fits = (person, typed) =>
  person.name.toLowerCase().startsWith(typed) ||
  person.name
    .toLowerCase()
    .split(/\s+/)
    .some((part) => part.startsWith(typed));

class MentionList {
  /** @param {HTMLTextAreaElement} field */
  constructor(field) {
    this.field = field;
    /** @type {Mentionable[]} */
    this.found = [];
    this.chosen = 0;
    this.list = document.createElement("ul");
    this.list.id = `${field.id}-mentions`;
    this.list.className = "mention-list";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    field.after(this.list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const option = closest(event, "[role=option]");
      if (option) this.pick([...this.list.children].indexOf(option));
    });
  }

  typed() {
    const { value, selectionEnd } = this.field;
    return MENTION.exec(value.slice(0, selectionEnd))?.[1].toLowerCase() ?? null;
  }

  async offer() {
    if (this.typed() === null) return this.close();
    const people = await peopleFor(this.field).catch(() => []);
    const typed = this.typed(); // more may be there by now
    this.found = typed === null ? [] : people.filter((one) => fits(one, typed)).slice(0, MOST);
    if (!this.found.length) return this.close();
    this.list.replaceChildren(...this.found.map((person, index) => this.option(person, index)));
    this.list.hidden = false;
    return this.choose(0);
  }

  /** @type {(person: Mentionable, index: number) => HTMLElement} */
  option({ name, organisation }, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    const note = document.createElement("small");
    note.textContent = organisation;
    option.append(name, note);
    return option;
  }

  /** @type {(index: number) => void} */
  choose(index) {
    this.chosen = (index + this.found.length) % this.found.length;
    for (const [at, option] of [...this.list.children].entries())
      option.setAttribute("aria-selected", String(at === this.chosen));
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
    this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
  }

  /** @type {(index: number) => void} */
  pick(index) {
    const { name, uuid } = this.found[index];
    const { value, selectionEnd } = this.field;
    const start = value.slice(0, selectionEnd).lastIndexOf("@");
    this.field.setRangeText(`@${name} `, start, selectionEnd, "end");
    const sent = document.createElement("input");
    Object.assign(sent, { type: "hidden", name: "chosen", value: uuid });
    this.field.form?.append(sent);
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** @type {(event: KeyboardEvent) => void} */
  pressed(event) {
    if (this.list.hidden) return;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => this.choose(this.chosen + 1),
      ArrowUp: () => this.choose(this.chosen - 1),
      Enter: () => this.pick(this.chosen),
      Tab: () => this.pick(this.chosen),
      Escape: () => this.close(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }
}

/** @type {WeakMap<HTMLTextAreaElement, MentionList>} */
const open = new WeakMap();

/** @type {(field: HTMLTextAreaElement) => MentionList} */
function mentionListOf(field) {
  const list = open.get(field) ?? new MentionList(field);
  open.set(field, list);
  return list;
}

/**
 * Offers people in every field `[data-calls]` of the page.
 * @param {{ signal: AbortSignal }} until
 */
export function wireMentions({ signal }) {
  /** @type {(event: Event) => MentionList | null} */
  const listFor = ({ target }) =>
    target instanceof HTMLTextAreaElement && "calls" in target.dataset ? mentionListOf(target) : null;
  document.addEventListener("input", (event) => listFor(event)?.offer(), { signal });
  document.addEventListener("keydown", (event) => listFor(event)?.pressed(event), { signal, capture: true });
  document.addEventListener("focusout", (event) => listFor(event)?.close(), { signal });
}
