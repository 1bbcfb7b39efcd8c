/* After @ in a comment, the people who may read it are offered. What is picked is written as a name; whom it
   means is sent along where several have one name. Without this the name is simply typed. */
const MENTION = /(?:^|[^\p{L}\p{N}@.])@([\p{L}\p{N}][\p{L}\p{N}\s'’.-]{0,40}|)$/u;
const MOST = 8;

const known = new Map(); // address → people, while the page is open

function addressFor(field) {
  const base = field.closest("#comments")?.dataset.people;
  const thread = field.closest("[data-thread]")?.dataset.thread;
  const audience = field.form?.querySelector("[data-audience]")?.value ?? "";
  return base && `${base}?${new URLSearchParams(thread ? { thread } : { audience })}`;
}

async function peopleFor(field) {
  const address = addressFor(field);
  if (!address) return [];
  if (!known.has(address)) {
    known.set(
      address,
      fetch(address).then(async (answer) => (answer.ok ? (await answer.json()).people : [])),
    );
    known.get(address).catch(() => known.delete(address));
  }
  return known.get(address);
}

const fits = (person, typed) =>
  person.name.toLowerCase().startsWith(typed) ||
  person.name.toLowerCase().split(/\s+/).some((part) => part.startsWith(typed));

class MentionList {
  constructor(field) {
    this.field = field;
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
      const option = event.target.closest("[role=option]");
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

  option({ name, organisation }, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    const note = document.createElement("small");
    note.textContent = organisation;
    option.append(name, note);
    return option;
  }

  choose(index) {
    this.chosen = (index + this.found.length) % this.found.length;
    for (const [at, option] of [...this.list.children].entries())
      option.setAttribute("aria-selected", String(at === this.chosen));
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.chosen}`);
    this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
  }

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

  pressed(event) {
    if (this.list.hidden) return;
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

const open = new WeakMap();

function mentionListOf(field) {
  if (!open.has(field)) open.set(field, new MentionList(field));
  return open.get(field);
}

/** Offers people in every field `[data-calls]` of the page. */
export function wireMentions({ signal }) {
  const on = (name, act) =>
    document.addEventListener(
      name,
      (event) => event.target.matches?.("textarea[data-calls]") && act(mentionListOf(event.target), event),
      { signal, capture: name === "keydown" },
    );
  on("input", (list) => list.offer());
  on("keydown", (list, event) => list.pressed(event));
  on("focusout", (list) => list.close());
}
