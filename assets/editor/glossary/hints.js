// @ts-check
/* Glossary terms in the text: dotted underline, translations on hover and at the cursor, and a list beside
   the text. Decorations only, never in the document. */
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

import { closest, find, findOptional } from "../../js/dom.js";
import { Matcher } from "./matching.js";
import { Tooltip } from "./tooltip.js";

/** @import { Node as TextNode } from "@tiptap/pm/model" */
/** @import { EditorPane } from "../editor_pane.js" */
/** @import { SidePanel } from "../types" */
/** @import { Hit, Pattern } from "./matching.js" */
/** @import { Explanation } from "./tooltip.js" */

/**
 * A term in kk, ru and en; `avoid` and `note` by language.
 * @typedef {{ id: string, kk: string, ru: string, en: string, avoid: Record<string, string>,
 *   note: Record<string, string> }} Term
 * @typedef {{ terms: Term[], patterns: Pattern[], endings: Record<string, string> }} GlossaryData
 */

/** @type {PluginKey<DecorationSet>} */
const key = new PluginKey("glossary");
const QUIET = 600; // ms without typing before the text is looked through again
const LANGUAGES = /** @type {const} */ (["kk", "ru", "en"]);
const OFF = "glossary-hints-off";
const INLINE = "\ufffc"; // what stands whole in a line has the length of one letter

/** @type {WeakMap<TextNode, Hit[]>} */
const cache = new WeakMap(); // a line of words → what was found in it

/** One per page: fetches the glossary once a text is open, and highlights terms in every pane. */
export class Glossary {
  /**
   * @param {{ url: string, words: { avoid: string }, panel: HTMLElement | null, side: SidePanel, lang: string }} given
   *   `url`: of the glossary; `panel`: the element of the tab
   */
  constructor({ url, words, panel, side, lang }) {
    this.url = url;
    this.words = words;
    this.panel = panel;
    this.side = side;
    this.lang = lang;
    /** @type {GlossaryData | null} */
    this.data = null;
    /** @type {Map<string, Term>} */
    this.terms = new Map();
    /** @type {Map<string, Matcher>} */
    this.matchers = new Map();
    this.tooltip = new Tooltip();
    /** @type {Set<EditorPane>} */
    this.panes = new Set();
    /** @type {Promise<void> | null} */
    this.loading = null;
    /** @type {TextNode | null} */
    this.seen = null;
    /** @type {EditorPane | null} */
    this.shown = null;
    if (!panel) return;
    const box = findOptional(panel, "[data-hints]", HTMLInputElement);
    if (!box) return;
    box.checked = !localStorage.getItem(OFF);
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
      for (const pane of this.panes) this.look(pane);
    });
    find(panel, "[data-terms]").addEventListener("click", (event) => this.pressed(event));
  }

  get isOff() {
    return Boolean(localStorage.getItem(OFF));
  }

  /**
   * The text of this pane is open.
   * @param {EditorPane} pane
   * @param {AbortSignal} signal ends it
   */
  join(pane, signal) {
    const { editor } = pane;
    if (!editor) return;
    this.panes.add(pane);
    editor.registerPlugin(this.plugin(pane));
    const later = () => {
      clearTimeout(pane.hinting);
      pane.hinting = setTimeout(() => this.look(pane), QUIET);
    };
    editor.on("update", later);
    editor.on("selectionUpdate", () => this.atCursor(pane));
    editor.on("blur", () => this.tooltip.hide());
    signal.addEventListener("abort", () => {
      clearTimeout(pane.hinting);
      this.panes.delete(pane);
      this.tooltip.hide();
    });
    (window.requestIdleCallback ?? setTimeout)(() => this.load().then(() => this.look(pane)));
  }

  load() {
    this.loading ??= fetch(this.url, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((/** @type {GlossaryData | null} */ data) => {
        this.data = data;
        for (const term of data?.terms ?? []) this.terms.set(term.id, term);
      })
      .catch(() => {
        this.loading = null; // offline: with the next text
      });
    return this.loading;
  }

  /** @type {(data: GlossaryData, language: string) => Matcher} */
  matcherOf(data, language) {
    const matcher = this.matchers.get(language) ?? new Matcher(data, language);
    this.matchers.set(language, matcher);
    return matcher;
  }

  /**
   * Search the text for terms and hand them to the plugin.
   * @type {(pane: EditorPane) => void}
   */
  look(pane) {
    if (!this.data || !pane.editor || pane.editor.isDestroyed) return;
    const found = this.isOff ? [] : this.hitsIn(this.data, pane.editor.state.doc, pane.config.language);
    pane.hints = found;
    pane.editor.view.dispatch(pane.editor.state.tr.setMeta(key, { found }).setMeta("addToHistory", false));
    this.list(pane);
  }

  /** @type {(data: GlossaryData, doc: TextNode, language: string) => Hit[]} */
  hitsIn(data, doc, language) {
    const matcher = this.matcherOf(data, language);
    /** @type {Hit[]} */
    const found = [];
    doc.descendants((node, pos) => {
      if (!node.isTextblock) return !node.isInline;
      const hits = cache.get(node) ?? matcher.find(node.textBetween(0, node.content.size, "", INLINE));
      cache.set(node, hits);
      for (const { from, to, ...hit } of hits) found.push({ ...hit, from: pos + 1 + from, to: pos + 1 + to });
      return false;
    });
    return found;
  }

  /** @type {(pane: EditorPane) => Plugin<DecorationSet>} */
  plugin(pane) {
    return new Plugin({
      key,
      state: {
        init: () => DecorationSet.empty,
        apply: (tr, set) => {
          const meta = tr.getMeta(key);
          return meta ? DecorationSet.create(tr.doc, meta.found.map(drawn)) : set.map(tr.mapping, tr.doc);
        },
      },
      props: {
        decorations: (state) => key.getState(state),
        handleDOMEvents: {
          mouseover: (_view, event) => this.over(pane, closest(event, "[data-term]")),
          mouseout: (_view, event) => this.tooltip.leave(event.relatedTarget),
        },
      },
    });
  }

  /** @type {(pane: EditorPane, element: HTMLElement | null) => false} */
  over(pane, element) {
    const told = element && this.told(element.dataset.term ?? "", pane.config.language);
    if (element && told) this.tooltip.soon(element, told);
    return false;
  }

  /**
   * Show the hint at the cursor for those who move by keyboard or touch; not while typing.
   * @type {(pane: EditorPane) => void}
   */
  atCursor(pane) {
    const { editor } = pane;
    if (!editor) return;
    const { selection } = editor.state;
    const typed = this.seen !== editor.state.doc;
    this.seen = editor.state.doc;
    const hit =
      !typed &&
      selection.empty &&
      pane.hints?.find(({ from, to }) => from < selection.head && selection.head < to);
    if (!hit) {
      this.tooltip.hide();
      return;
    }
    const { node } = editor.view.domAtPos(selection.head);
    const element = (node instanceof Element ? node : node.parentElement)?.closest("[data-term]");
    const told = this.told(hit.term, pane.config.language);
    if (element && told) this.tooltip.soon(element, told);
  }

  /** {title, lines, note} of a term for a reader of the text in this language.
      @type {(id: string, language: string) => Explanation | null} */
  told(id, language) {
    const term = this.terms.get(id);
    if (!term) return null;
    const others = LANGUAGES.filter((code) => code !== language);
    const avoid = term.avoid[language];
    return {
      title: { lang: language, words: term[/** @type {typeof LANGUAGES[number]} */ (language)] },
      lines: others.map((code) => ({ lang: code, words: term[code] })),
      avoid: avoid ? this.words.avoid.replace("{words}", avoid) : "",
      note: term.note[this.lang] ?? "",
    };
  }

  /**
   * The list beside the text: each term once, in the text's order; terms to avoid first.
   * @type {(pane: EditorPane) => void}
   */
  list(pane) {
    if (!this.panel || pane !== this.shown) return;
    /** @type {Map<string, Hit>} */
    const found = new Map();
    for (const hit of pane.hints ?? []) {
      const entry = found.get(hit.term) ?? { ...hit, avoid: false };
      entry.avoid ||= hit.avoid;
      found.set(hit.term, entry);
    }
    const entries = [...found.values()].sort((one, other) => Number(other.avoid) - Number(one.avoid));
    const items = entries.flatMap((entry) => this.item(entry, pane.config.language) ?? []);
    find(this.panel, "[data-terms]").replaceChildren(...items);
    find(this.panel, "[data-terms-none]").hidden = items.length > 0;
    this.side.count("terms", entries.length);
  }

  /** @param {Hit} hit @param {string} language */
  item({ term: id, avoid, from }, language) {
    const told = this.told(id, language);
    if (!told) return null;
    const { title, lines, avoid: rather, note } = told;
    const item = document.createElement("li");
    item.className = avoid ? "term-card term-card--avoid" : "term-card";
    const button = item.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "linkish";
    button.dataset.from = String(from);
    button.lang = title.lang;
    button.textContent = title.words;
    for (const line of lines) add(item, "span", line.words, line.lang);
    if (avoid && rather) add(item, "small", rather);
    if (avoid && note) add(item, "small", note);
    return item;
  }

  /** @type {(event: Event) => void} */
  pressed(event) {
    const from = Number(closest(event, "[data-from]")?.dataset.from);
    if (!from || !this.shown?.editor) return;
    if (this.side.isSheet()) this.side.close();
    this.shown.editor
      .chain()
      .focus(from + 1)
      .scrollIntoView()
      .run();
  }

  /**
   * List the terms of this pane from now on.
   * @type {(pane: EditorPane) => void}
   */
  show(pane) {
    this.shown = pane;
    this.list(pane);
  }
}

/** @type {(hit: Hit) => Decoration} */
function drawn({ from, to, term, avoid }) {
  return Decoration.inline(from, to, { class: avoid ? "term term--avoid" : "term", "data-term": term });
}

/** @param {HTMLElement} parent @param {string} tag @param {string} words @param {string} [lang] */
function add(parent, tag, words, lang = "") {
  const made = parent.appendChild(document.createElement(tag));
  if (lang) made.lang = lang;
  made.textContent = words;
}
