/* Terms of the glossary in the text: underlined with dots, what they are in the other languages on hover and
   when the cursor goes there, and as a list beside the text. Drawn only, never in the document. */
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

import { Matcher } from "./matching.js";
import { Tooltip } from "./tooltip.js";

const key = new PluginKey("glossary");
const QUIET = 600; // ms without typing before the text is looked through again
const OFF = "glossary-hints-off";
const INLINE = "\ufffc"; // what stands whole in a line has the length of one letter

const cache = new WeakMap(); // a line of words → what was found in it

/** One for a page: asks for the glossary once the text is there, and draws it for each pane. */
export class Glossary {
  /** `config`: {url, words}; `panel`: the element of the tab, or null. */
  constructor({ url, words, panel, side, lang }) {
    Object.assign(this, { url, words, panel, side, lang, data: null, terms: new Map(), matchers: new Map() });
    this.tooltip = new Tooltip();
    this.panes = new Set();
    const box = panel?.querySelector("[data-hints]");
    if (!box) return;
    box.checked = !localStorage.getItem(OFF);
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
      for (const pane of this.panes) this.look(pane);
    });
    this.panel.querySelector("[data-terms]").addEventListener("click", (event) => this.pressed(event));
  }

  get isOff() {
    return Boolean(localStorage.getItem(OFF));
  }

  /** The text of this pane is open: `editor` and its `language`. Ends with `signal`. */
  join(pane, signal) {
    this.panes.add(pane);
    pane.editor.registerPlugin(this.plugin(pane));
    const later = () => {
      clearTimeout(pane.hinting);
      pane.hinting = setTimeout(() => this.look(pane), QUIET);
    };
    pane.editor.on("update", later);
    pane.editor.on("selectionUpdate", () => this.atCursor(pane));
    pane.editor.on("blur", () => this.tooltip.hide());
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
      .then((data) => {
        this.data = data;
        for (const term of data?.terms ?? []) this.terms.set(term.id, term);
      })
      .catch(() => {
        this.loading = null; // offline: with the next text
      });
    return this.loading;
  }

  matcherOf(language) {
    if (!this.matchers.has(language)) this.matchers.set(language, new Matcher(this.data, language));
    return this.matchers.get(language);
  }

  /* Looks the text through and tells the plugin what is in it. */
  look(pane) {
    if (!this.data || !pane.editor || pane.editor.isDestroyed) return;
    const found = this.isOff ? [] : this.hitsIn(pane.editor.state.doc, pane.config.language);
    pane.hints = found;
    pane.editor.view.dispatch(pane.editor.state.tr.setMeta(key, { found }).setMeta("addToHistory", false));
    this.list(pane);
  }

  hitsIn(doc, language) {
    const matcher = this.matcherOf(language);
    const found = [];
    doc.descendants((node, pos) => {
      if (!node.isTextblock) return !node.isInline;
      if (!cache.has(node))
        cache.set(node, matcher.find(node.textBetween(0, node.content.size, "", INLINE)));
      for (const { from, to, ...hit } of cache.get(node))
        found.push({ ...hit, from: pos + 1 + from, to: pos + 1 + to });
      return false;
    });
    return found;
  }

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
          mouseover: (_view, { target }) => this.over(pane, target.closest?.("[data-term]")),
          mouseout: (_view, event) => this.tooltip.leave(event.relatedTarget),
        },
      },
    });
  }

  over(pane, element) {
    if (element) this.tooltip.soon(element, this.told(element.dataset.term, pane.config.language));
    return false;
  }

  /* Whoever moves with the keyboard or a finger sees the hint at the cursor; whoever types is left in peace. */
  atCursor(pane) {
    const { editor } = pane;
    const { selection } = editor.state;
    const typed = this.seen !== editor.state.doc;
    this.seen = editor.state.doc;
    const hit = !typed && selection.empty && pane.hints?.find(({ from, to }) => from < selection.head && selection.head < to);
    if (!hit) return this.tooltip.hide();
    const { node } = editor.view.domAtPos(selection.head);
    const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-term]");
    return element && this.tooltip.soon(element, this.told(hit.term, pane.config.language));
  }

  /** {title, lines, note} of a term for a reader of the text in this language. */
  told(id, language) {
    const term = this.terms.get(id);
    const others = ["kk", "ru", "en"].filter((code) => code !== language);
    const avoid = term.avoid[language];
    return {
      title: { lang: language, words: term[language] },
      lines: others.map((code) => ({ lang: code, words: term[code] })),
      avoid: avoid ? this.words.avoid.replace("{words}", avoid) : "",
      note: term.note[this.lang] ?? "",
    };
  }

  /** The list beside the text: each term once, in its order; words to avoid first. */
  list(pane) {
    if (!this.panel || pane !== this.shown) return;
    const found = new Map();
    for (const hit of pane.hints ?? []) {
      const entry = found.get(hit.term) ?? { ...hit, avoid: false };
      entry.avoid ||= hit.avoid;
      found.set(hit.term, entry);
    }
    const entries = [...found.values()].sort((one, other) => other.avoid - one.avoid);
    const items = entries.map((entry) => this.item(entry, pane.config.language));
    this.panel.querySelector("[data-terms]").replaceChildren(...items);
    this.panel.querySelector("[data-terms-none]").hidden = items.length > 0;
    this.side.count("terms", entries.length);
  }

  item({ term: id, avoid, from }, language) {
    const { title, lines, avoid: rather, note } = this.told(id, language);
    const item = document.createElement("li");
    item.className = avoid ? "term-card term-card--avoid" : "term-card";
    const button = item.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "linkish";
    button.dataset.from = from;
    button.lang = title.lang;
    button.textContent = title.words;
    for (const line of lines) add(item, "span", line.words, line.lang);
    if (avoid && rather) add(item, "small", rather);
    if (avoid && note) add(item, "small", note);
    return item;
  }

  pressed({ target }) {
    const from = Number(target.closest("[data-from]")?.dataset.from);
    if (!from || !this.shown?.editor) return;
    if (this.side.isSheet()) this.side.close();
    this.shown.editor.chain().focus(from + 1).scrollIntoView().run();
  }

  /** The list is for this pane from now on. */
  show(pane) {
    this.shown = pane;
    this.list(pane);
  }
}

function drawn({ from, to, term, avoid }) {
  return Decoration.inline(from, to, { class: avoid ? "term term--avoid" : "term", "data-term": term });
}

function add(parent, tag, words, lang = "") {
  const made = parent.appendChild(document.createElement(tag));
  if (lang) made.lang = lang;
  made.textContent = words;
}
