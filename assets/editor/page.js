/* What the texts on a page share: one toolbar and its dialogs for the text one is in, the list of suggestions,
   names, words, notices. */
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

const SIDE = {
  open: openSide,
  refresh: refreshSide,
  count: countSide,
  isSheet,
  close: () => showSheet(false),
};

export class Page {
  constructor(desk) {
    this.desk = desk;
    this.lang = document.documentElement.lang;
    const given = JSON.parse(document.getElementById("editor-page").textContent);
    this.given = given;
    this.words = given.words;
    this.icons = given.icons;
    this.region = desk.querySelector("[data-announce]");
    this.notices = desk.querySelector("[data-live-notices]");
    this.people = new People(given.people, given.words.people);
    this.tools = new Map(); // name → {pane, run}
    this.panes = [...desk.querySelectorAll("[data-pane]")]
      .filter((root) => root.offsetParent !== null) // a second text that a phone has no room for stays closed
      .map((root) => new EditorPane(root, this));
    this.active = this.panes[0];
  }

  start() {
    this.desk.dataset.script = "";
    wireSide();
    wireKeyboard();
    const panel = this.desk.querySelector("[data-changes]");
    this.changes = new ChangesPanel({
      panel,
      bar: this.desk.querySelector("[data-chosen]"),
      words: this.words.changes,
      side: SIDE,
      announce: (words) => this.announce(words),
    });
    this.glossary = new Glossary({
      url: this.given.glossary,
      words: this.words.glossary,
      panel: this.desk.querySelector("[data-terms-panel]"),
      side: SIDE,
      lang: this.lang,
    });
    const editor = () => this.active?.editor;
    this.ask = wireDialogs({ editor, files: () => this.active.config.files, page: this });
    this.toolbar = wireToolbar({ toolbar: this.desk.querySelector("[role=toolbar]"), page: this });
    this.people.load();
    forgetOthers(this.active.config.me.person);
    for (const pane of this.panes) pane.open();
    window.addEventListener("beforeunload", (event) => {
      if (this.panes.some((pane) => pane.isUnsaved)) event.preventDefault();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    // A press on a tool leaves the cursor in the text, and on a phone its keyboard open.
    this.desk.querySelector(".bench").addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
    });
  }

  get editor() {
    return this.active?.editor ?? null;
  }

  // --- panes tell ------------------------------------------------------------------------------------

  opened(pane) {
    pane.config.icons = this.icons;
    const joined = new AbortController();
    pane.joined = joined;
    this.glossary.join(pane, joined.signal);
    // What stands beside belongs to the text of the page; the one beside it has a page of its own.
    if (pane === this.panes[0]) runReadyHooks(pane.editor, this.contextOf(pane, joined.signal));
    if (pane === this.active) this.turnTo(pane, true);
  }

  left(pane) {
    pane.joined?.abort();
    for (const [name, tool] of this.tools) if (tool.pane === pane) this.tools.delete(name);
  }

  changed(pane) {
    if (pane === this.active) this.soon();
  }

  /* Tools and list follow the text at the next frame, not at every step of one edit. */
  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.editor) return;
      this.toolbar.refresh();
      this.changes.draw();
    });
  }

  /** Toolbar, dialogs and the list of suggestions are for this text from now on. */
  turnTo(pane, anew = false) {
    if (pane === this.active && !anew) return;
    this.active = pane;
    for (const one of this.panes) one.root.toggleAttribute("data-active", one === pane);
    this.toolbar.refresh();
    this.changes.show(pane);
    this.glossary.show(pane);
  }

  emptied(pane) {
    if (pane !== this.active) return;
    this.changes.list.replaceChildren();
    this.toolbar.hide();
  }

  /* A footnote, a fact, a gap or a picture is changed by Enter or by a double press on it. */
  change(pane) {
    const name = pane.editor?.state.selection.node?.type.name;
    if (name === "approvedBlock") return false; // others approved it as it is
    if (name && pane.editor.isEditable) this.ask(name);
    return Boolean(name);
  }

  // --- words -----------------------------------------------------------------------------------------

  announce(words) {
    this.region.textContent = "";
    setTimeout(() => {
      this.region.textContent = words;
    }, 50);
  }

  /** A sentence that passes: shown beside the text, and told. */
  say(words) {
    this.announce(words);
    const place = this.desk.querySelector("[data-passing]");
    place.textContent = words;
    place.hidden = false;
    clearTimeout(this.passing);
    this.passing = setTimeout(() => {
      place.hidden = true;
    }, 6000);
  }

  /** A notice that stays above the text; `kind` names one of the page's templates. */
  notice(_pane, kind, { reason, words } = {}) {
    const template = this.desk.querySelector(`template[data-notice="${kind}"], template[data-notice="closed"]`);
    const made = template.content.firstElementChild.cloneNode(true);
    const why = made.querySelector("[data-why]");
    if (why) why.textContent = this.words.refused[reason] ?? this.words.refused.other;
    const kept = made.querySelector("[data-lost]");
    if (kept) {
      kept.hidden = !words;
      kept.querySelector("[data-lost-words]").textContent = words ?? "";
      kept.querySelector("button").addEventListener("click", () => navigator.clipboard.writeText(words));
    }
    made.querySelector("[data-dismiss]")?.addEventListener("click", () => made.remove());
    this.notices.replaceChildren(made);
  }

  // --- others join -----------------------------------------------------------------------------------

  contextOf(pane, signal) {
    const { config, editor, root } = pane;
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

  inText(event) {
    return this.editor.view.dom.contains(event.target);
  }

  get suggests() {
    return Boolean(this.editor) && suggests(this.editor);
  }
}
