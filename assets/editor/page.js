// @ts-check
/* What the texts of a page share: toolbar and dialogs for the active text, the list of suggestions, names,
   messages, notices. */
import { closest, copyOf, find, findAll, findOptional, jsonIn } from "../js/dom.js";
import { wireDialogs } from "./dialogs.js";
import { Glossary } from "./glossary/hints.js";
import { runReadyHooks } from "./ready_hooks.js";
import { wireKeyboard } from "./virtual_keyboard.js";
import { People } from "./live/people.js";
import { forgetOthers } from "./live/unsaved_updates.js";
import { EditorPane } from "./editor_pane.js";
import { countSide, isSheet, openSide, refreshSide, showSheet, wireSide } from "./side_panel.js";
import { ChangesPanel } from "./suggestions/panel.js";
import { suggests } from "./suggestions/suggest_mode.js";
import { positions } from "./relative_positions.js";
import { wireToolbar } from "./toolbar.js";

/** @import { Editor } from "@tiptap/core" */
/** @import { EditorContext, PageData, SidePanel } from "./types" */

/** @type {SidePanel} */
const SIDE = {
  open: openSide,
  refresh: refreshSide,
  count: countSide,
  isSheet,
  close: () => showSheet(false),
};

export class Page {
  /** @param {HTMLElement} desk */
  constructor(desk) {
    this.desk = desk;
    this.lang = document.documentElement.lang;
    /** @type {PageData} */
    const given = jsonIn(document, "#editor-page");
    this.words = given.words;
    this.icons = given.icons;
    this.region = find(desk, "[data-announce]");
    this.notices = find(desk, "[data-live-notices]");
    this.people = new People(given.people, given.words.people);
    /** @type {Map<string, { pane: EditorPane, run: () => void }>} */
    this.tools = new Map(); // by the names of buttons
    this.panes = findAll(desk, "[data-pane]")
      .filter((root) => root.offsetParent !== null) // a second text that a phone has no room for stays closed
      .map((root) => new EditorPane(root, this));
    this.active = this.panes[0];
    /** @type {ReturnType<typeof requestAnimationFrame> | null} */
    this.frame = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.passing = undefined;
    this.changes = new ChangesPanel({
      panel: find(desk, "[data-changes]"),
      bar: find(desk, "[data-chosen]"),
      words: this.words.changes,
      side: SIDE,
      announce: (words) => this.announce(words),
    });
    this.glossary = new Glossary({
      url: given.glossary,
      words: this.words.glossary,
      panel: findOptional(desk, "[data-terms-panel]"),
      side: SIDE,
      lang: this.lang,
    });
    const editor = () => this.editor;
    this.ask = wireDialogs({ editor, files: () => this.active.config.files, page: this });
    this.toolbar = wireToolbar({ toolbar: find(desk, "[role=toolbar]"), page: this });
  }

  start() {
    this.desk.dataset.script = "";
    wireSide();
    wireKeyboard();
    this.people.load();
    forgetOthers(this.active.config.me.person);
    for (const pane of this.panes) pane.open();
    window.addEventListener("beforeunload", (event) => {
      if (this.panes.some((pane) => pane.isUnsaved)) event.preventDefault();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    // A press on a tool leaves the cursor in the text, and on a phone its keyboard open.
    find(this.desk, ".bench").addEventListener("mousedown", (event) => {
      if (closest(event, "button")) event.preventDefault();
    });
  }

  /** Of the text one is in.
      @returns {Editor | null} */
  get editor() {
    return this.active?.editor ?? null;
  }

  // --- panes tell ------------------------------------------------------------------------------------

  /** @type {(pane: EditorPane) => void} */
  opened(pane) {
    pane.config.icons = this.icons;
    const joined = new AbortController();
    pane.joined = joined;
    this.glossary.join(pane, joined.signal);
    // What stands beside belongs to the text of the page; the one beside it has a page of its own.
    if (pane === this.panes[0] && pane.editor)
      runReadyHooks(pane.editor, this.contextOf(pane, pane.editor, joined.signal));
    if (pane === this.active) this.turnTo(pane, true);
  }

  /** @type {(pane: EditorPane) => void} */
  left(pane) {
    pane.joined?.abort();
    for (const [name, tool] of this.tools) if (tool.pane === pane) this.tools.delete(name);
  }

  /** @type {(pane: EditorPane) => void} */
  changed(pane) {
    if (pane === this.active) this.soon();
  }

  /* Refresh toolbar and list at the next frame, not at every step of one edit. */
  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.editor) return;
      this.toolbar.refresh();
      this.changes.draw();
    });
  }

  /**
   * Make this the active text, for toolbar, dialogs and the list of suggestions.
   * @param {EditorPane} pane @param {boolean} [anew]
   */
  turnTo(pane, anew = false) {
    if (pane === this.active && !anew) return;
    this.active = pane;
    for (const one of this.panes) one.root.toggleAttribute("data-active", one === pane);
    this.toolbar.refresh();
    this.changes.show(pane);
    this.glossary.show(pane);
  }

  /** @type {(pane: EditorPane) => void} */
  emptied(pane) {
    if (pane !== this.active) return;
    this.changes.list.replaceChildren();
    this.toolbar.hide();
  }

  /**
   * Open the dialog of the selected footnote, fact, gap or picture (Enter or a double click on it).
   * @type {(pane: EditorPane) => boolean}
   */
  change(pane) {
    const { editor } = pane;
    const name = editor?.state.selection.node?.type.name;
    if (!name || name === "approvedBlock") return false; // the latter others approved as it is
    if (editor?.isEditable) this.ask(name);
    return true;
  }

  // --- words -----------------------------------------------------------------------------------------

  /** @type {(words: string) => void} */
  announce(words) {
    this.region.textContent = "";
    setTimeout(() => {
      this.region.textContent = words;
    }, 50);
  }

  /**
   * Show a message beside the text for some seconds, and announce it.
   * @type {(words: string) => void}
   */
  say(words) {
    this.announce(words);
    const place = find(this.desk, "[data-passing]");
    place.textContent = words;
    place.hidden = false;
    clearTimeout(this.passing);
    this.passing = setTimeout(() => {
      place.hidden = true;
    }, 6000);
  }

  /**
   * A notice that stays above the text.
   * @param {string} kind names one of the page's templates
   * @param {{ reason?: string, words?: string }} [given] `words`: that were lost
   */
  notice(kind, { reason = "", words = "" } = {}) {
    const selector = `template[data-notice="${kind}"], template[data-notice="closed"]`;
    const made = copyOf(find(this.desk, selector, HTMLTemplateElement));
    const why = made.querySelector("[data-why]");
    if (why) why.textContent = this.words.refused[reason] ?? this.words.refused.other;
    const kept = findOptional(made, "[data-lost]");
    if (kept) {
      kept.hidden = !words;
      find(kept, "[data-lost-words]").textContent = words;
      find(kept, "button").addEventListener("click", () => navigator.clipboard.writeText(words));
    }
    made.querySelector("[data-dismiss]")?.addEventListener("click", () => made.remove());
    this.notices.replaceChildren(made);
  }

  // --- others join -----------------------------------------------------------------------------------

  /** @type {(pane: EditorPane, editor: Editor, signal: AbortSignal) => EditorContext} */
  contextOf(pane, editor, signal) {
    const { config, root } = pane;
    return {
      text: { uuid: config.document, language: config.language },
      me: config.me,
      may: config.may,
      people: this.people,
      root,
      side: SIDE,
      signal,
      announce: (words) => this.announce(words),
      positions: positions(editor),
      tool: (name, run) => {
        this.tools.set(name, { pane, run });
        this.toolbar.refresh();
      },
    };
  }

  // --- keys ------------------------------------------------------------------------------------------

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const mod = event.ctrlKey || event.metaKey;
    if (!this.editor) return;
    if (mod && !event.altKey && event.code === "KeyS") {
      event.preventDefault(); // everything is saved as it is written
      this.announce(this.words.state.saving);
    } else if (event.key === "F8") {
      event.preventDefault();
      if (!isSheet()) openSide("changes");
      this.changes.step(event.shiftKey ? -1 : 1);
    } else if (mod && event.altKey && ["Enter", "Backspace"].includes(event.key) && this.inText(event)) {
      event.preventDefault();
      this.changes.resolve(this.changes.chosen, event.key === "Enter");
    }
  }

  /** @type {(event: Event) => boolean} */
  inText(event) {
    return event.target instanceof Node && Boolean(this.editor?.view.dom.contains(event.target));
  }

  get suggests() {
    return this.editor !== null && suggests(this.editor);
  }
}
