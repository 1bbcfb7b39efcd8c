/* The list of suggestions beside the text. It is an ordinary list with buttons; the arrows move between its
   entries, and the entry of the suggestion under the cursor is marked. */
import { chosen } from "./decorations.js";
import { isOf, readId } from "./suggestion_ids.js";
import { listSuggestions } from "./suggestion_list.js";

const SIGNS = { insert: "+ ", delete: "− ", format: "", paragraph: "" };

/** Wires the panel's elements; `show(pane)` draws the suggestions of a pane {editor, attribution, config}. */
export class ChangesPanel {
  constructor({ panel, bar, words, side, announce }) {
    Object.assign(this, { panel, bar, words, side, announce, pane: null, drawn: "", who: "", barred: "" });
    bar.addEventListener("click", (event) => this.pressed(event));
    this.list = panel.querySelector("[data-changes-list]");
    this.all = panel.querySelector("[data-changes-all]");
    this.filter = panel.querySelector("[data-changes-of]");
    this.filter.addEventListener("change", () => {
      this.who = this.filter.value;
      this.draw();
    });
    this.all.addEventListener("click", ({ target }) => {
      const accept = target.closest("[data-accept-all]");
      if (accept || target.closest("[data-reject-all]")) this.resolveAll(Boolean(accept));
    });
    this.list.addEventListener("click", (event) => this.pressed(event));
    this.list.addEventListener("keydown", (event) => this.typed(event));
  }

  show(pane) {
    this.pane = pane;
    this.drawn = "";
    this.draw();
  }

  /* Drawn anew when what it shows has changed; the focus stays on the entry it was on. */
  draw() {
    const { pane } = this;
    if (!pane?.editor) return;
    const all = listSuggestions(pane.editor.state.doc);
    this.side.count("changes", all.length);
    this.drawFilter(all);
    const shown = all.filter((one) => !this.who || one.person === this.who);
    const key = JSON.stringify([
      pane.attribution.version,
      pane.config.may,
      shown.map(({ id, kind, before, after }) => [id, kind, before, after]),
    ]);
    if (key !== this.drawn) {
      this.drawn = key;
      const held = document.activeElement?.closest?.("[data-suggestion-card]");
      const place = held ? [...this.list.children].indexOf(held) : -1;
      this.list.replaceChildren(...shown.map((one) => this.card(one)));
      this.panel.querySelector("[data-changes-none]").hidden = shown.length > 0;
      this.all.hidden = !pane.config.may.write || shown.length === 0;
      if (place >= 0) this.list.children[Math.min(place, shown.length - 1)]?.focus();
    }
    this.mark();
  }

  drawFilter(all) {
    const { attribution } = this.pane;
    const people = new Map();
    for (const one of all) people.set(one.person, [one.id, (people.get(one.person)?.[1] ?? 0) + 1]);
    if (!people.has(this.who)) this.who = "";
    const options = [["", this.words.everyone]];
    for (const [person, [id, count]] of people) options.push([person, `${attribution.of(id, "").name} (${count})`]);
    const made = options.map(([value, label]) => new Option(label, value ?? "", false, (value ?? "") === this.who));
    if (made.map((one) => one.text).join() !== [...this.filter.options].map((one) => one.text).join())
      this.filter.replaceChildren(...made);
    this.filter.closest("[data-changes-filter]").hidden = people.size < 2;
  }

  card(one) {
    const { config, attribution } = this.pane;
    const look = attribution.of(one.id, one.kind);
    const item = element("li", { class: "note", tabindex: "-1", "data-suggestion-card": one.id, "data-hue": look.hue });
    const who = item.appendChild(element("div", { class: "who" }));
    who.append(element("span", { class: "person", "data-hue": look.hue, "aria-hidden": "true" }, look.circle));
    const named = who.appendChild(element("span"));
    named.append(element("b", {}, look.name));
    named.append(element("small", {}, [look.organisation, look.time].filter(Boolean).join(", ")));
    item.append(this.change(one, config.language));
    const mine = isOf(one.id, config.me);
    const buttons = element("div", { class: "btns" });
    if (config.may.write) buttons.append(button(this.words.accept, "accept", "btn", "check", config.icons));
    if (config.may.write || mine)
      buttons.append(button(mine ? this.words.takeBack : this.words.reject, "reject", "btn", "x", config.icons));
    const show = button("", "show", "btn btn--quiet", "eye", config.icons);
    show.setAttribute("aria-label", this.words.show);
    show.title = this.words.show;
    buttons.append(show);
    item.append(buttons);
    return item;
  }

  /* A block of another kind, or with other words about it: "Heading → Paragraph", "Who says it: A → B". */
  reshaped(changes) {
    const { blocks, attributes } = this.words;
    const isKnown = ({ type, attrName, previousValue, newValue }) =>
      type === "nodeType" ? blocks[previousValue] && blocks[newValue] : type === "attr" && attributes[attrName];
    // The level of a heading that becomes something else is no change of its own.
    const all = changes.some(({ type }) => type === "nodeType") ? changes.filter(({ type }) => type === "nodeType") : changes;
    return all.filter(isKnown).flatMap(({ type, attrName, previousValue, newValue }) => {
      const named = (value) => (type === "nodeType" ? blocks[value] : String(value ?? ""));
      const label = type === "attr" ? `${attributes[attrName]}: ` : "";
      return [label, element("del", {}, named(previousValue)), " → ", element("ins", {}, named(newValue)), " "];
    });
  }

  change({ kind, before, after, changes }, language) {
    const line = element("p", { lang: language });
    if (SIGNS[kind] !== undefined) line.append(SIGNS[kind]);
    const told = { paragraph: this.words.paragraph, format: this.words.format }[kind];
    if (told) line.append(element("span", { class: "muted", lang: document.documentElement.lang }, told), " ");
    if (kind === "format") line.append(...this.reshaped(changes), element("q", { class: "reshaped" }, short(before)));
    if (["delete", "replace"].includes(kind)) line.append(element("del", {}, short(before)));
    if (kind === "replace") line.append(" → ");
    if (["insert", "replace"].includes(kind)) line.append(element("ins", {}, short(after)));
    return line;
  }

  /** Marks the entry of the suggestion under the cursor and brings it into view. */
  mark() {
    const id = chosen(this.pane.editor.state);
    this.drawBar(id);
    for (const card of this.list.children) {
      const here = card.dataset.suggestionCard === id;
      const was = card.getAttribute("aria-current") === "true";
      if (here && !was) card.scrollIntoView({ block: "nearest" });
      if (here) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
      card.tabIndex = here || (!id && card === this.list.firstChild) ? 0 : -1;
    }
    if (id && ![...this.list.children].some((card) => card.tabIndex === 0) && this.list.firstChild)
      this.list.firstChild.tabIndex = 0;
  }

  /* The suggestion under the cursor at the foot of a phone's screen, where the list is out of sight. */
  drawBar(id) {
    const found = id && this.side.isSheet() ? listSuggestions(this.pane.editor.state.doc).find((one) => one.id === id) : null;
    const key = found ? JSON.stringify([id, found.before, found.after, this.pane.attribution.version]) : "";
    if (key === this.barred) return;
    this.barred = key;
    this.bar.hidden = !found;
    this.bar.replaceChildren(...(found ? this.card(found).childNodes : []));
    if (!found) return;
    this.bar.dataset.suggestionCard = id;
    this.bar.dataset.hue = this.pane.attribution.of(id, found.kind).hue;
  }

  pressed({ target }) {
    const card = target.closest("[data-suggestion-card]");
    const act = target.closest("[data-act]")?.dataset.act;
    if (!card || (!act && window.getSelection().toString())) return;
    if (!act || act === "show") this.go(card.dataset.suggestionCard, act === "show");
    else this.resolve(card.dataset.suggestionCard, act === "accept");
  }

  typed(event) {
    const card = event.target.closest("[data-suggestion-card]");
    if (!card) return;
    const there = { ArrowDown: card.nextElementSibling, ArrowUp: card.previousElementSibling }[event.key];
    if (there) {
      event.preventDefault();
      there.focus();
      this.go(there.dataset.suggestionCard, false);
    } else if (event.key === "Enter" && event.target === card) {
      event.preventDefault();
      if ((event.ctrlKey || event.metaKey) && event.altKey) this.resolve(card.dataset.suggestionCard, true);
      else this.go(card.dataset.suggestionCard, true);
    } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey) && event.altKey) {
      event.preventDefault();
      this.resolve(card.dataset.suggestionCard, false);
    }
  }

  /** The suggestion under the cursor. */
  get chosen() {
    return this.pane?.editor ? chosen(this.pane.editor.state) : null;
  }

  /** Shows where the suggestion stands; `focus`: the cursor goes there. */
  go(id, focus) {
    if (this.side.isSheet()) this.side.close();
    const chain = this.pane.editor.chain();
    (focus ? chain.focus(null, { scrollIntoView: false }) : chain).selectSuggestion(id).run();
  }

  resolve(id, accept) {
    const { config, editor } = this.pane;
    if (!id || !(config.may.write || (!accept && isOf(id, config.me)))) return;
    editor.commands.resolveSuggestions({ accept, match: (one) => one === id });
    this.announce(accept ? this.words.accepted : this.words.rejected);
  }

  resolveAll(accept) {
    const { who } = this;
    const match = (id) => !who || readId(id)?.person === who;
    this.pane.editor.commands.resolveSuggestions({ accept, match });
    this.announce(accept ? this.words.allAccepted : this.words.allRejected);
  }

  /** Moves to the next suggestion after the cursor (or before it), round the end. */
  step(direction) {
    const { editor } = this.pane;
    const all = listSuggestions(editor.state.doc);
    if (!all.length) return this.announce(this.words.none);
    const here = chosen(editor.state);
    const at = all.findIndex((one) => one.id === here);
    const { head } = editor.state.selection;
    let next = at + direction;
    if (at < 0) next = direction > 0 ? all.findIndex((one) => one.from >= head) : all.findLastIndex((one) => one.to <= head);
    const found = all.at(at < 0 && next < 0 ? (direction > 0 ? 0 : -1) : next % all.length);
    this.go(found.id, true);
    const look = this.pane.attribution.of(found.id, found.kind);
    return this.announce([look.words, found.before && `− ${found.before}`, found.after && `+ ${found.after}`].filter(Boolean).join(" "));
  }
}

const LONGEST = 280;
const short = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words);

function element(tag, attributes = {}, words = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = words;
  return made;
}

function button(words, act, kind, icon, icons) {
  const made = element("button", { type: "button", class: kind, "data-act": act });
  if (icon) {
    const drawing = made.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
    drawing.setAttribute("class", "icon");
    drawing.setAttribute("aria-hidden", "true");
    const use = drawing.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    use.setAttribute("href", `${icons}#i-${icon}`);
  }
  made.append(words);
  return made;
}
