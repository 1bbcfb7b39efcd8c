// @ts-check
/* Comment threads in the text: where each one is, and starting one on the selected words. The threads
   themselves are the panel beside the text (templates/documents/comments/), which htmx refreshes; its
   cards are read here. A thread for the whole workspace is a mark in the document. A narrower one has a
   position that is sent only to those who may read it: it leaves no trace in the shared document. */
import { suggestChangesKey } from "@handlewithcare/prosemirror-suggest-changes";

import { closest, find, findAll, findOptional } from "../js/dom.js";
import { wireMentions } from "./mentions.js";
import { onReady } from "./ready_hooks.js";
import { threadPlaces, placesKey, wordsOf } from "./thread_places.js";

/** @import { Editor } from "@tiptap/core" */
/** @import { EditorContext, StoredPosition } from "./types" */
/** @import { Thread } from "./thread_places.js" */

const panel = () => document.getElementById("comments");
/** @type {(thread: string) => HTMLElement | null} */
const cardOf = (thread) => findOptional(panel(), `[data-thread="${thread}"]`);
const beginning = () => findOptional(panel(), "[data-begin]", HTMLDetailsElement);

/** @type {() => HTMLElement[]} */
function cards() {
  const place = panel();
  return place ? findAll(place, "[data-thread]") : [];
}

/**
 * The threads of the panel.
 * @type {() => Thread[]}
 */
function shownThreads() {
  return cards().map((card) => ({
    id: card.dataset.thread ?? "",
    narrow: card.dataset.audience !== "workspace",
    quote: card.querySelector(".quote")?.textContent ?? "",
    position: card.dataset.position ? JSON.parse(card.dataset.position) : null,
  }));
}

class Comments {
  /**
   * @param {Editor} editor
   * @param {EditorContext} context
   */
  constructor(editor, context) {
    this.editor = editor;
    this.context = context;
    /** @type {StoredPosition | null} */
    this.begun = null; // where the thread that is being written is to stand
    this.current = "";
  }

  join() {
    const { signal, tool } = this.context;
    this.editor.registerPlugin(threadPlaces(this));
    if (this.context.may.comment) tool("comment", () => this.begin());
    document.body.addEventListener("thread-started", (event) => this.started(event.detail), { signal });
    document.body.addEventListener(
      "htmx:afterSettle",
      (event) => event.detail.target?.id === "comments" && this.read(),
      { signal },
    );
    document.body.addEventListener("htmx:sendError", (event) => this.tellFailure(event), { signal });
    document.body.addEventListener("htmx:responseError", (event) => this.tellFailure(event), { signal });
    document.body.addEventListener("click", (event) => this.clicked(event), { signal });
    document.body.addEventListener("keydown", (event) => this.pressed(event), { signal });
    signal.addEventListener(
      "abort",
      () => this.editor.isDestroyed || this.editor.unregisterPlugin(placesKey),
    );
    wireMentions({ signal });
    this.read();
  }

  /** Read the panel's threads, also after it was refreshed. */
  read() {
    const place = panel();
    if (!place) return;
    for (const button of findAll(place, "[data-put-off]")) button.hidden = false;
    this.context.side.count("comments", Number(place.dataset.open));
    this.tell({ threads: shownThreads() });
    this.mark();
  }

  /** @type {(meta: Partial<import("./thread_places.js").ThreadState>) => void} */
  tell(meta) {
    if (!this.editor.isDestroyed) this.editor.view.dispatch(this.editor.state.tr.setMeta(placesKey, meta));
  }

  /** Mark the current thread's card, and those whose words are no longer in the text. */
  mark() {
    const places = placesKey.getState(this.editor.state)?.places ?? new Map();
    for (const card of cards()) {
      const { thread = "" } = card.dataset;
      if (thread === this.current) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
      const [gone, show] = [findOptional(card, "[data-gone]"), findOptional(card, "[data-show-words]")];
      if (gone) gone.hidden = places.has(thread);
      if (show) show.hidden = !places.has(thread);
    }
  }

  /** @type {(thread: string) => void} */
  look(thread) {
    if (thread === this.current) return;
    this.current = thread;
    this.tell({ current: thread });
    this.mark();
  }

  /**
   * Ctrl+Alt+M and the toolbar's button: open the thread at the cursor, or start one on the selected
   * words.
   */
  begin() {
    const { may, side, positions } = this.context;
    const { state } = this.editor;
    const { from, to, empty } = state.selection;
    const there = placesKey.getState(state)?.at(from);
    if (empty && there) return this.open(there, { focus: true });
    const form = beginning();
    if (!may.comment || !form) return;
    side.open("comments");
    form.open = true;
    const words = empty ? "" : wordsOf(state.doc, from, to);
    this.begun = words ? positions.relative(from, to) : null;
    find(form, "[data-quote]", HTMLInputElement).value = words;
    find(form, "[data-position]", HTMLInputElement).value = this.begun ? JSON.stringify(this.begun) : "";
    const quoted = find(form, "[data-quoted]");
    quoted.hidden = !words;
    if (quoted.firstElementChild) quoted.firstElementChild.textContent = words;
    this.tell({ begun: this.begun });
    find(form, "textarea").focus();
  }

  putOff() {
    const form = beginning();
    if (form) {
      form.open = false;
      for (const field of findAll(form, "[data-quote], [data-position]", HTMLInputElement)) field.value = "";
      find(form, "[data-quoted]").hidden = true;
    }
    this.begun = null;
    this.tell({ begun: null });
    this.editor.commands.focus();
  }

  /**
   * The server has created the thread: one for the workspace gets its mark, outside the undo history.
   * @type {(detail: { thread: string, audience: string }) => void}
   */
  started({ thread, audience }) {
    const place = this.begun && this.context.positions.absolute(this.begun);
    this.begun = null;
    this.current = thread;
    const { tr, schema } = this.editor.state;
    tr.setMeta(placesKey, { begun: null, current: thread });
    if (place && place.from < place.to && audience === "workspace") {
      tr.addMark(place.from, place.to, schema.marks.comment.create({ id: thread }));
      tr.setMeta(suggestChangesKey, { skip: true }).setMeta("addToHistory", false);
    }
    this.editor.view.dispatch(tr);
  }

  /**
   * Show a thread's card; where the panel would cover the text, only on request.
   * @param {string} thread @param {{ focus?: boolean }} [how]
   */
  open(thread, { focus = false } = {}) {
    this.look(thread);
    if (this.context.side.isSheet() && !focus) return;
    this.context.side.open("comments");
    const card = cardOf(thread);
    card?.scrollIntoView({ block: "nearest" });
    if (focus) card?.focus({ preventScroll: true });
  }

  /**
   * Show a thread's words in the text.
   * @param {string} thread @param {{ select?: boolean }} [how]
   */
  show(thread, { select = false } = {}) {
    this.look(thread);
    if (select && this.context.side.isSheet()) this.context.side.close();
    const [place] = placesKey.getState(this.editor.state)?.places.get(thread) ?? [];
    if (!place) return;
    if (select) this.editor.chain().setTextSelection(place).focus().scrollIntoView().run();
    else this.editor.view.domAtPos(place.from).node.parentElement?.scrollIntoView({ block: "nearest" });
  }

  /** @type {(event: Event) => void} */
  clicked({ target }) {
    if (!(target instanceof Element) || !panel()?.contains(target)) return;
    if (target.closest("[data-put-off]")) this.putOff();
    const card = closest({ target }, "[data-thread]");
    if (!card || target.closest("form, summary")) return;
    this.show(card.dataset.thread ?? "", { select: Boolean(target.closest("[data-show-words]")) });
  }

  /**
   * Ctrl+Enter submits the form, Escape returns to the text.
   * @type {(event: KeyboardEvent) => void}
   */
  pressed(event) {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof HTMLElement) || !panel()?.contains(target)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) target.closest("form")?.requestSubmit();
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (target.closest("[data-begin]")) this.putOff();
    else this.editor.commands.focus();
  }

  /** @type {(event: CustomEvent<HtmxDetail>) => void} */
  tellFailure({ target, detail }) {
    const text = detail.requestConfig?.verb === "post" && closest({ target }, "#comments")?.dataset.failed;
    if (text) document.body.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
  }
}

onReady((editor, context) => new Comments(editor, context).join());
