// @ts-check
/* The list of suggestions beside the text: an ordinary list with buttons. Arrow keys move between entries,
   and the entry of the suggestion under the cursor is marked. */
import { closest, find, findAll } from "../../js/dom.js";
import { chosen } from "./decorations.js";
import { isOf, readId } from "./suggestion_ids.js";
import { listSuggestions } from "./suggestion_list.js";

/** @import { EditorPane } from "../editor_pane.js" */
/** @import { ChangesWords, SidePanel } from "../types" */
/** @import { Suggestion } from "./suggestion_list.js" */

/** @type {Record<string, string>} */
const SIGNS = { insert: "+ ", delete: "− ", format: "", paragraph: "" };

export class ChangesPanel {
  /**
   * @param {{ panel: HTMLElement, bar: HTMLElement, words: ChangesWords, side: SidePanel,
   *   announce: (words: string) => void }} given `bar`: at the foot of a phone's screen
   */
  constructor({ panel, bar, words, side, announce }) {
    this.panel = panel;
    this.bar = bar;
    this.words = words;
    this.side = side;
    this.announce = announce;
    /** @type {EditorPane | null} */
    this.pane = null;
    this.drawn = ""; // what the list shows
    this.barred = ""; // what the bar shows
    this.who = ""; // whose suggestions are listed: a person's UUID, or everyone's
    bar.addEventListener("click", (event) => this.pressed(event));
    this.list = find(panel, "[data-changes-list]");
    this.all = find(panel, "[data-changes-all]");
    this.filter = find(panel, "[data-changes-of]", HTMLSelectElement);
    this.filter.addEventListener("change", () => {
      this.who = this.filter.value;
      this.draw();
    });
    this.all.addEventListener("click", (event) => {
      const accept = closest(event, "[data-accept-all]");
      if (accept || closest(event, "[data-reject-all]")) this.resolveAll(Boolean(accept));
    });
    this.list.addEventListener("click", (event) => this.pressed(event));
    this.list.addEventListener("keydown", (event) => this.typed(event));
  }

  /**
   * Draws the suggestions of a pane.
   * @param {EditorPane} pane
   */
  show(pane) {
    this.pane = pane;
    this.drawn = "";
    this.draw();
  }

  /* Redraw if what the list shows has changed; the focus stays on its entry. */
  draw() {
    const { pane } = this;
    if (!pane?.editor) return;
    const all = listSuggestions(pane.editor.state.doc);
    this.side.count("changes", all.length);
    this.drawFilter(all, pane.attribution);
    const shown = all.filter((one) => !this.who || one.person === this.who);
    const key = JSON.stringify([
      pane.attribution.version,
      pane.config.may,
      shown.map(({ id, kind, before, after }) => [id, kind, before, after]),
    ]);
    if (key !== this.drawn) {
      this.drawn = key;
      const held = document.activeElement?.closest?.("[data-suggestion-card]");
      const place = held ? this.cards.findIndex((card) => card === held) : -1;
      this.list.replaceChildren(...shown.map((one) => this.card(one, pane)));
      find(this.panel, "[data-changes-none]").hidden = shown.length > 0;
      this.all.hidden = !pane.config.may.write || shown.length === 0;
      if (place >= 0) this.cards[Math.min(place, shown.length - 1)]?.focus();
    }
    this.mark();
  }

  /** @type {HTMLElement[]} */
  get cards() {
    return findAll(this.list, ":scope > [data-suggestion-card]");
  }

  /** @type {(all: Suggestion[], attribution: EditorPane["attribution"]) => void} */
  drawFilter(all, attribution) {
    /** @type {Map<string, [id: string, count: number]>} */
    const people = new Map();
    for (const { id, person } of all)
      people.set(person ?? "", [id, (people.get(person ?? "")?.[1] ?? 0) + 1]);
    if (!people.has(this.who)) this.who = "";
    const options = [["", this.words.everyone]];
    for (const [person, [id, count]] of people)
      options.push([person, `${attribution.of(id, "").name} (${count})`]);
    const made = options.map(([value, label]) => new Option(label, value, false, value === this.who));
    if (made.map((one) => one.text).join() !== [...this.filter.options].map((one) => one.text).join())
      this.filter.replaceChildren(...made);
    const filter = closest({ target: this.filter }, "[data-changes-filter]");
    if (filter) filter.hidden = people.size < 2;
  }

  /** @type {(one: Suggestion, pane: EditorPane) => HTMLElement} */
  card(one, { config, attribution }) {
    const look = attribution.of(one.id, one.kind);
    const item = element("li", {
      class: "note",
      tabindex: "-1",
      "data-suggestion-card": one.id,
      "data-hue": look.hue,
    });
    const who = item.appendChild(element("div", { class: "who" }));
    who.append(
      element("span", { class: "person", "data-hue": look.hue, "aria-hidden": "true" }, look.circle),
    );
    const named = who.appendChild(element("span"));
    named.append(element("b", {}, look.name));
    named.append(element("small", {}, [look.organisation, look.time].filter(Boolean).join(", ")));
    item.append(this.change(one, config.language));
    const mine = isOf(one.id, config.me);
    const buttons = element("div", { class: "btns" });
    if (config.may.write) buttons.append(button(this.words.accept, "accept", "btn", "check", config.icons));
    if (config.may.write || mine)
      buttons.append(
        button(mine ? this.words.takeBack : this.words.reject, "reject", "btn", "x", config.icons),
      );
    const show = button("", "show", "btn btn--quiet", "eye", config.icons);
    show.setAttribute("aria-label", this.words.show);
    show.title = this.words.show;
    buttons.append(show);
    item.append(buttons);
    return item;
  }

  /** A block of another kind, or with other words about it: "Heading → Paragraph", "Who says it: A → B".
      @type {(changes: Suggestion["changes"]) => (string | HTMLElement)[]} */
  reshaped(changes) {
    const { blocks, attributes } = this.words;
    /** @type {(change: Suggestion["changes"][number]) => boolean} */
    const isKnown = ({ type, attrName, previousValue, newValue }) =>
      type === "nodeType"
        ? previousValue in blocks && newValue in blocks
        : type === "attr" && attrName in attributes;
    // The level of a heading that becomes something else is no change of its own.
    const all = changes.some(({ type }) => type === "nodeType")
      ? changes.filter(({ type }) => type === "nodeType")
      : changes;
    return all.filter(isKnown).flatMap(({ type, attrName, previousValue, newValue }) => {
      /** @type {(value: string | number | null) => string} */
      const named = (value) => (type === "nodeType" ? blocks[String(value)] : String(value ?? ""));
      const label = type === "attr" ? `${attributes[attrName]}: ` : "";
      return [
        label,
        element("del", {}, named(previousValue)),
        " → ",
        element("ins", {}, named(newValue)),
        " ",
      ];
    });
  }

  /** @type {(one: Suggestion, language: string) => HTMLElement} */
  change({ kind, before, after, changes }, language) {
    const line = element("p", { lang: language });
    if (SIGNS[kind] !== undefined) line.append(SIGNS[kind]);
    const told = kind === "paragraph" ? this.words.paragraph : kind === "format" ? this.words.format : "";
    if (told)
      line.append(element("span", { class: "muted", lang: document.documentElement.lang }, told), " ");
    if (kind === "format")
      line.append(...this.reshaped(changes), element("q", { class: "reshaped" }, short(before)));
    if (["delete", "replace"].includes(kind)) line.append(element("del", {}, short(before)));
    if (kind === "replace") line.append(" → ");
    if (["insert", "replace"].includes(kind)) line.append(element("ins", {}, short(after)));
    return line;
  }

  /** Marks the entry of the suggestion under the cursor and brings it into view. */
  mark() {
    if (!this.pane?.editor) return;
    const id = chosen(this.pane.editor.state);
    this.drawBar(id, this.pane);
    const { cards } = this;
    for (const card of cards) {
      const here = card.dataset.suggestionCard === id;
      const was = card.getAttribute("aria-current") === "true";
      if (here && !was) card.scrollIntoView({ block: "nearest" });
      if (here) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
      card.tabIndex = here || (!id && card === cards[0]) ? 0 : -1;
    }
    if (id && cards.length && !cards.some((card) => card.tabIndex === 0)) cards[0].tabIndex = 0;
  }

  /** The suggestion under the cursor at the foot of a phone's screen, where the list is out of sight.
      @type {(id: string | null, pane: EditorPane) => void} */
  drawBar(id, pane) {
    const { attribution, editor } = pane;
    const all = id && editor && this.side.isSheet() ? listSuggestions(editor.state.doc) : [];
    const found = all.find((one) => one.id === id);
    const key = found ? JSON.stringify([id, found.before, found.after, attribution.version]) : "";
    if (key === this.barred) return;
    this.barred = key;
    this.bar.hidden = !found;
    this.bar.replaceChildren(...(found ? this.card(found, pane).childNodes : []));
    if (!found) return;
    this.bar.dataset.suggestionCard = found.id;
    this.bar.dataset.hue = attribution.of(found.id, found.kind).hue;
  }

  /** @type {(event: Event) => void} */
  pressed(event) {
    const id = closest(event, "[data-suggestion-card]")?.dataset.suggestionCard;
    const act = closest(event, "[data-act]")?.dataset.act;
    if (!id || (!act && window.getSelection()?.toString())) return;
    if (!act || act === "show") this.go(id, act === "show");
    else this.resolve(id, act === "accept");
  }

  /** @type {(event: KeyboardEvent) => void} */
  typed(event) {
    const card = closest(event, "[data-suggestion-card]");
    const id = card?.dataset.suggestionCard;
    if (!card || !id) return;
    const there = event.key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
    if (["ArrowDown", "ArrowUp"].includes(event.key) && there instanceof HTMLElement) {
      event.preventDefault();
      there.focus();
      this.go(there.dataset.suggestionCard ?? "", false);
    } else if (event.key === "Enter" && event.target === card) {
      event.preventDefault();
      if ((event.ctrlKey || event.metaKey) && event.altKey) this.resolve(id, true);
      else this.go(id, true);
    } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey) && event.altKey) {
      event.preventDefault();
      this.resolve(id, false);
    }
  }

  /** The suggestion under the cursor. */
  get chosen() {
    return this.pane?.editor ? chosen(this.pane.editor.state) : null;
  }

  /** Shows where the suggestion stands; `focus`: the cursor goes there.
      @type {(id: string, focus: boolean) => void} */
  go(id, focus) {
    if (this.side.isSheet()) this.side.close();
    const chain = this.pane?.editor?.chain();
    if (!chain) return;
    (focus ? chain.focus(null, { scrollIntoView: false }) : chain).selectSuggestion(id).run();
  }

  /** @type {(id: string | null, accept: boolean) => void} */
  resolve(id, accept) {
    if (!this.pane) return;
    const { config, editor } = this.pane;
    if (!id || !editor || !(config.may.write || (!accept && isOf(id, config.me)))) return;
    editor.commands.resolveSuggestions({ accept, match: (one) => one === id });
    this.announce(accept ? this.words.accepted : this.words.rejected);
  }

  /** @type {(accept: boolean) => void} */
  resolveAll(accept) {
    const { who } = this;
    /** @type {(id: string) => boolean} */
    const match = (id) => !who || readId(id)?.person === who;
    this.pane?.editor?.commands.resolveSuggestions({ accept, match });
    this.announce(accept ? this.words.allAccepted : this.words.allRejected);
  }

  /** Moves to the next suggestion after the cursor (or before it), round the end.
      @type {(direction: 1 | -1) => void} */
  step(direction) {
    if (!this.pane?.editor) return;
    const { attribution, editor } = this.pane;
    const all = listSuggestions(editor.state.doc);
    if (!all.length) {
      this.announce(this.words.none);
      return;
    }
    const here = chosen(editor.state);
    const at = all.findIndex((one) => one.id === here);
    const { head } = editor.state.selection;
    let next = at + direction;
    if (at < 0)
      next =
        direction > 0 ? all.findIndex((one) => one.from >= head) : all.findLastIndex((one) => one.to <= head);
    const found = all.at(at < 0 && next < 0 ? (direction > 0 ? 0 : -1) : next % all.length);
    if (!found) return;
    this.go(found.id, true);
    const look = attribution.of(found.id, found.kind);
    this.announce(
      [look.words, found.before && `− ${found.before}`, found.after && `+ ${found.after}`]
        .filter(Boolean)
        .join(" "),
    );
  }
}

const LONGEST = 280;
/** @type {(words: string) => string} */
const short = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words);

/** @param {string} tag @param {Record<string, string>} [attributes] @param {string} [words] */
function element(tag, attributes = {}, words = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = words;
  return made;
}

/** @type {(words: string, act: string, kind: string, icon: string, icons?: string) => HTMLElement} */
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
