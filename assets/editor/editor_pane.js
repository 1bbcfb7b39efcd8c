// @ts-check
/* One text on the page: the server's rendering until the live document is loaded, then the editor. After a
   refused write, a lost right or another history of the text it reloads what the server has. */
import { Editor, Extension } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { Dropcursor, Gapcursor, Placeholder } from "@tiptap/extensions";

import { find, findOptional, jsonIn } from "../js/dom.js";
import { ApprovedWords } from "./approved/node_view.js";
import { atoms } from "./atoms.js";
import { keys } from "./commands.js";
import { Cursor, readCursor } from "./cursor_sync.js";
import { TitleAndLead } from "./title_and_lead.js";
import { Carets } from "./live/carets.js";
import { wirePresence } from "./live/presence.js";
import { SaveStatus, stateOf } from "./live/save_state.js";
import { LiveText } from "./live/live_text.js";
import { inSchema, lost, putBack } from "./live/refusal.js";
import { textSchema } from "./schema.js";
import { refreshMarkViews } from "./suggestions/mark_views.js";
import { Attribution } from "./suggestions/attribution.js";
import { SuggestMode } from "./suggestions/suggest_mode.js";

/** @import { Node } from "@tiptap/pm/model" */
/** @import { Page } from "./page.js" */
/** @import { TextConfig } from "./types" */
/** @import { Hit } from "./glossary/matching.js" */

const [NOT_UNDERSTOOD, SIGNED_OUT, OTHER_HISTORY] = [4400, 4401, 4409];
const GONE = [SIGNED_OUT, 4403, 4404]; // the words leave the page
const REFUSAL_COMES = 500; // ms
const ONE_TRY = 30_000; // ms: what is refused again is not put back again
const LONG = 8000; // ms without the document, until the page says so
const BEHIND_TOOLS = { top: 64, bottom: 144, left: 0, right: 0 }; // px
const CONFIG = 'script[type="application/json"]';
const RIGHTS = ["read-only", "suggest-only"]; // also told when a right ends, before anything is refused
const MOST_ATTEMPTS = 3;
const GOES_ON = 3000; // ms that one may go on in a text that is being opened anew
// What somebody else has written into is not taken away by undoing what it stands in.
const KEPT = new Set([
  "title",
  "lead",
  "paragraph",
  "heading",
  "listItem",
  "blockquote",
  "quotation",
  "tableCell",
]);

export class EditorPane {
  /**
   * @param {HTMLElement} root the element with data-pane
   * @param {Page} page what all panes share
   */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    /** @type {Editor | null} */
    this.editor = null;
    /** @type {LiveText | null} */
    this.live = null;
    /** @type {{ live: LiveText | null, reason: string } | null} */
    this.leaving = null; // the document that gives way to one opened anew
    this.attempts = 0; // of opening the text anew
    /** @type {Node | null} */
    this.clean = null; // the last state that was saved
    /** @type {string | null} */
    this.early = null; // why something was refused before the document was here
    /** @type {number | null} */
    this.cursor = null; // where it goes in the new editor
    /** @type {({ reason: string } & ReturnType<typeof lost>) | null} */
    this.salvage = null; // what was refused
    this.putBackAt = -Infinity;
    this.waits = false; // for the document, longer than it should
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.cleaning = undefined;
    /** @type {(() => void) | null} */
    this.leave = null; // ends the list of people
    /** @type {AbortController | null} */
    this.joined = null; // page.js: ends with this opening of the text
    /** @type {Hit[]} */
    this.hints = []; // glossary/hints.js: the terms in the text
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.hinting = undefined;
    /** @type {TextConfig} */
    this.config = jsonIn(root, CONFIG);
    this.paper = find(root, "[data-paper]");
    this.still = find(root, "[data-still]");
    const place = findOptional(document, `[data-state-of="${this.config.document}"]`);
    this.saveStatus = new SaveStatus({
      place,
      words: page.words.state,
      announce: (words) => page.announce(words),
      lang: page.lang,
    });
    this.attribution = new Attribution({
      people: page.people,
      words: page.words.suggestion,
      lang: page.lang,
    });
    page.people.onChange(() => this.editor && this.refreshAttribution());
  }

  open() {
    this.live = new LiveText(this.config, {
      changed: () => this.updateStatus(),
      beforeRemoteUpdate: () => {
        if (this.editor) readCursor(this.editor.view);
      },
      ready: () => this.ready(),
      refused: (reason) => this.refused(reason),
      closed: (code) => this.closed(code),
    });
    this.updateStatus();
    this.live.open();
    this.waits = false;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waits = true;
      this.updateStatus();
    }, LONG);
  }

  get isUnsaved() {
    return this.leaving !== null || (this.live !== null && !this.live.isSaved && !this.live.final);
  }

  updateStatus() {
    if (!this.live) return;
    const isHere = Boolean(this.editor) && !this.leaving;
    this.saveStatus.tell(stateOf(this.live, { wasReady: isHere, waits: this.waits }));
    if (isHere && this.editor && this.live.isSaved) this.keepClean(this.editor.state.doc);
  }

  /**
   * Remember the last saved document, to compare with after a refusal. Waits first: a refused write counts
   * as saved until the reason arrives right behind.
   * @type {(doc: Node) => void}
   */
  keepClean(doc) {
    clearTimeout(this.cleaning);
    this.cleaning = setTimeout(() => {
      this.clean = doc;
      this.attempts = 0; // what was written since the last refusal is kept
    }, REFUSAL_COMES);
  }

  /* The document is loaded, for the first time or again. */
  ready() {
    const { live } = this;
    if (!live || (this.editor && !this.leaving)) return;
    this.takeAway();
    try {
      this.editor = this.create(live);
    } catch (fault) {
      this.broken(fault);
      return;
    }
    this.still.hidden = true;
    this.paper.hidden = false;
    this.root.dataset.ready = "";
    const list = findOptional(document, `[data-people-of="${this.config.document}"]`);
    const { people, words } = this.page;
    if (list)
      this.leave = wirePresence({
        list,
        awareness: live.awareness,
        people,
        me: this.config.me,
        words: words.people,
      });
    const { editor } = this;
    editor.on("transaction", () => this.page.changed(this));
    editor.on("focus", () => this.page.turnTo(this));
    this.clean = editor.state.doc;
    this.page.opened(this);
    if (this.cursor) editor.commands.focus(Math.min(this.cursor, editor.state.doc.content.size));
    this.cursor = null;
    if (this.salvage) this.bringBack(editor, this.salvage);
    const { early } = this;
    this.early = null;
    if (early) this.refused(early);
  }

  /** @type {(live: LiveText) => Editor} */
  create(live) {
    const { config, page } = this;
    const { files, language, may, me } = config;
    const { words } = page;
    return new Editor({
      element: this.paper,
      injectCSS: false, // the page's policy allows no style element; assets/css/desk/editor.css has the rules
      editable: may.write || may.suggest,
      enablePasteRules: false, // they would change what is pasted behind the back of suggest mode
      enableContentCheck: true,
      onContentError: ({ error }) => this.broken(error),
      extensions: [
        ...textSchema,
        ...atoms({ files, labels: words.atoms }),
        Cursor,
        TitleAndLead,
        ApprovedWords.configure({ url: config.approved, words: words.approved }),
        SuggestMode.configure({
          me,
          may,
          attribution: this.attribution,
          onRefused: () => page.say(words.noSuggestion),
        }),
        Collaboration.configure({ fragment: live.fragment, yUndoOptions: { protectedNodes: KEPT } }),
        Carets.configure({ awareness: live.awareness, people: page.people }),
        Gapcursor,
        Dropcursor,
        placeholders(words.placeholders),
        Extension.create({ name: "keys", priority: 1000, addKeyboardShortcuts: () => keys }),
      ],
      editorProps: {
        // The tools lie over the text, above it or at the foot of a phone's screen.
        scrollThreshold: BEHIND_TOOLS,
        scrollMargin: BEHIND_TOOLS,
        attributes: {
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": config.label,
          "aria-readonly": String(!may.write && !may.suggest),
          lang: language,
          spellcheck: "true",
        },
        handleDoubleClickOn: () => page.change(this),
        handleKeyDown: (_view, event) => event.key === "Enter" && page.change(this),
      },
    });
  }

  refreshAttribution() {
    if (!this.editor) return;
    refreshMarkViews(this.editor);
    this.editor.view.dispatch(this.editor.state.tr.setMeta("addToHistory", false));
  }

  /**
   * The text has content that the editor's schema does not know: show it read-only, lose nothing.
   * @type {(fault: unknown) => void}
   */
  broken(fault) {
    console.error(fault);
    queueMicrotask(() => {
      this.stop({ forget: false });
      this.stillAgain();
      this.page.notice("broken");
    });
  }

  // --- refused, closed, opened anew -----------------------------------------------------------------

  /**
   * Reload the text after a refusal. Until it is loaded one may go on typing for a moment: those letters are
   * recovered too.
   * @type {(reason: string) => Promise<void>}
   */
  async refused(reason) {
    if (this.leaving) return;
    if (!this.editor) {
      this.early = reason; // what an earlier window left is read once the text is here
      return;
    }
    const leaving = { live: this.live, reason };
    this.leaving = leaving;
    clearTimeout(this.cleaning);
    this.live?.part({ forget: true });
    setTimeout(() => this.leaving === leaving && this.editor?.setEditable(false), GOES_ON);
    await this.askAgain();
    if (reason === "read-only") Object.assign(this.config.may, { write: false, suggest: false });
    this.attempts += 1;
    if (this.attempts <= MOST_ATTEMPTS) {
      this.open();
      return;
    }
    this.stop({ forget: true });
    this.stillAgain();
    this.page.notice("broken");
  }

  /* Replace the refused document by the saved one, and remember what it has beyond that. */
  takeAway() {
    if (!this.leaving) return;
    const { live, reason } = this.leaving;
    this.leaving = null;
    if (this.editor) {
      this.editor.view.domObserver.flush(); // letters that are still on their way into the document
      this.salvage = { reason, ...lost({ clean: this.clean, doc: this.editor.state.doc }) };
      this.cursor = this.editor.isFocused ? this.editor.state.selection.head : null;
    }
    this.removeEditor();
    live?.close();
  }

  /**
   * Put refused edits back as a suggestion if that is all one may do and nobody wrote meanwhile; otherwise
   * show their text, to be copied.
   * @type {(editor: Editor, salvage: { reason: string } & ReturnType<typeof lost>) => void}
   */
  bringBack(editor, { reason, ...salvage }) {
    this.salvage = null;
    const now = editor.state.doc;
    const mine = inSchema(now.type.schema, salvage.doc);
    if (RIGHTS.includes(reason) && mine.eq(now)) {
      this.page.notice("rights", { reason });
      return;
    }
    const lately = performance.now() - this.putBackAt < ONE_TRY;
    const suggests =
      reason === "suggest-only" && this.config.may.suggest && !lately && putBack(editor, salvage);
    if (suggests) this.putBackAt = performance.now();
    // Against the text as it is: what was saved while one typed on is in it. What an earlier window left on this
    // device has nothing else to be held against.
    const beyond = lost({ clean: now, doc: mine }).words ?? "";
    const { words: saved } = salvage;
    const words = saved !== undefined && saved.length < beyond.length ? saved : beyond;
    this.page.notice(suggests ? "kept-as-suggestion" : "refused", { reason, words: suggests ? "" : words });
  }

  /** @type {(code: number) => Promise<void>} */
  async closed(code) {
    if (code === NOT_UNDERSTOOD && this.editor && !this.leaving) {
      await this.refused("other"); // opened anew, without what the server could not read: its words are shown
      return;
    }
    if (code === NOT_UNDERSTOOD) this.live?.unsaved.remove();
    if (code === OTHER_HISTORY && this.attempts < MOST_ATTEMPTS) {
      this.attempts += 1;
      if (this.leaving) this.live?.close({ forget: true });
      else this.stop({ forget: true });
      await this.askAgain();
      this.open();
      return;
    }
    this.updateStatus();
    if (GONE.includes(code)) {
      this.stop({ forget: true });
      this.paper.replaceChildren();
      this.still.replaceChildren();
      this.page.emptied(this);
    } else this.editor?.setEditable(false);
    this.page.notice(`closed-${code}`);
  }

  /* Ask the page again for rights and epoch of this text; without an answer keep the known ones. */
  async askAgain() {
    try {
      const answer = await fetch(window.location.href);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const { document: id } = this.config;
      for (const script of fresh.querySelectorAll(`[data-pane] ${CONFIG}`)) {
        /** @type {TextConfig} */
        const config = JSON.parse(script.textContent ?? "");
        if (config.document === id) this.config = config;
      }
    } catch {
      // Offline or signed out: the socket will tell.
    }
  }

  /** @type {(how: { forget: boolean }) => void} */
  stop({ forget }) {
    this.removeEditor();
    this.leaving?.live?.close();
    this.live?.close({ forget });
    this.leaving = this.live = null;
  }

  removeEditor() {
    this.leave?.();
    this.leave = null;
    if (this.editor) {
      this.page.left(this);
      this.editor.destroy();
    }
    this.editor = null;
  }

  stillAgain() {
    this.paper.hidden = true;
    this.still.hidden = false;
    delete this.root.dataset.ready;
  }
}

/** @type {(words: Record<string, string>) => ReturnType<typeof Placeholder.configure>} */
function placeholders(words) {
  return Placeholder.configure({
    showOnlyCurrent: false,
    placeholder: ({ editor, node }) => {
      if (node.type.name in words) return words[node.type.name];
      const alone = node.type.name === "paragraph" && editor.state.doc.childCount === 3;
      return alone ? words.text : "";
    },
  });
}
