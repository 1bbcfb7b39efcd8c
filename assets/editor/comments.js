/* Comments in the text: where each thread stands, and beginning one on the words that are chosen. The threads
   themselves are the panel beside the text (templates/documents/comments/), which htmx keeps fresh; here its
   cards are read. A thread for the workspace is a mark in the document. A narrower one has a position that only
   those who may read it are ever sent: it leaves no trace in what is shared. */
import { suggestChangesKey } from "@handlewithcare/prosemirror-suggest-changes";

import { wireMentions } from "./mentions.js";
import { onReady } from "./ready_hooks.js";
import { threadPlaces, placesKey, wordsOf } from "./thread_places.js";

const panel = () => document.getElementById("comments");
const cardOf = (thread) => panel()?.querySelector(`[data-thread="${thread}"]`);
const beginning = () => panel()?.querySelector("[data-begin]");

/* What the panel shows now: where its threads are is looked for in the text. */
function shownThreads() {
  return [...(panel()?.querySelectorAll("[data-thread]") ?? [])].map((card) => ({
    id: card.dataset.thread,
    narrow: card.dataset.audience !== "workspace",
    quote: card.querySelector(".quote")?.textContent ?? "",
    position: card.dataset.position ? JSON.parse(card.dataset.position) : null,
  }));
}

class Comments {
  constructor(editor, context) {
    this.editor = editor;
    this.context = context;
    this.begun = null; // where the thread that is being written is to stand
    this.current = "";
  }

  join() {
    const { signal, tool } = this.context;
    this.editor.registerPlugin(threadPlaces(this));
    if (this.context.may.comment) tool("comment", () => this.begin());
    const on = (name, act) => document.body.addEventListener(name, act, { signal });
    on("thread-started", (event) => this.started(event.detail));
    on("htmx:afterSettle", (event) => event.detail.target?.id === "comments" && this.read());
    on("htmx:sendError", (event) => this.tellFailure(event));
    on("htmx:responseError", (event) => this.tellFailure(event));
    on("click", (event) => this.clicked(event));
    on("keydown", (event) => this.pressed(event));
    signal.addEventListener("abort", () => this.editor.isDestroyed || this.editor.unregisterPlugin(placesKey));
    wireMentions({ signal });
    this.read();
  }

  /** Takes over what the panel shows: after it came anew, too. */
  read() {
    const place = panel();
    if (!place) return;
    for (const button of place.querySelectorAll("[data-put-off]")) button.hidden = false;
    this.context.side.count("comments", Number(place.dataset.open));
    this.tell({ threads: shownThreads() });
    this.mark();
  }

  tell(meta) {
    if (!this.editor.isDestroyed) this.editor.view.dispatch(this.editor.state.tr.setMeta(placesKey, meta));
  }

  /** The card of the thread that is looked at, and those whose words are gone. */
  mark() {
    const places = placesKey.getState(this.editor.state)?.places ?? new Map();
    for (const card of panel()?.querySelectorAll("[data-thread]") ?? []) {
      const { thread } = card.dataset;
      if (thread === this.current) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
      const [gone, show] = [card.querySelector("[data-gone]"), card.querySelector("[data-show-words]")];
      if (gone) gone.hidden = places.has(thread);
      if (show) show.hidden = !places.has(thread);
    }
  }

  look(thread) {
    if (thread === this.current) return;
    this.current = thread;
    this.tell({ current: thread });
    this.mark();
  }

  /** Ctrl+Alt+M and the button: to the thread at the cursor, or a new one on the chosen words. */
  begin() {
    const { may, side, positions } = this.context;
    const { state } = this.editor;
    const { from, to, empty } = state.selection;
    const there = placesKey.getState(state).at(from);
    if (empty && there) return this.open(there, { focus: true });
    const form = beginning();
    if (!may.comment || !form) return;
    side.open("comments");
    form.open = true;
    const words = empty ? "" : wordsOf(state.doc, from, to);
    this.begun = words ? positions.relative(from, to) : null;
    form.querySelector("[data-quote]").value = words;
    form.querySelector("[data-position]").value = this.begun ? JSON.stringify(this.begun) : "";
    const quoted = form.querySelector("[data-quoted]");
    quoted.hidden = !words;
    quoted.firstElementChild.textContent = words;
    this.tell({ begun: this.begun });
    form.querySelector("textarea").focus();
  }

  putOff() {
    const form = beginning();
    if (form) {
      form.open = false;
      for (const field of form.querySelectorAll("[data-quote], [data-position]")) field.value = "";
      form.querySelector("[data-quoted]").hidden = true;
    }
    this.begun = null;
    this.tell({ begun: null });
    this.editor.commands.focus();
  }

  /** The thread is kept by the server: one for the workspace gets its mark. No undo takes it away again. */
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

  /** Shows a thread's card; where the panel would cover the text, only if that was asked for. */
  open(thread, { focus = false } = {}) {
    this.look(thread);
    if (this.context.side.isSheet() && !focus) return;
    this.context.side.open("comments");
    const card = cardOf(thread);
    card?.scrollIntoView({ block: "nearest" });
    if (focus) card?.focus({ preventScroll: true });
  }

  /** Shows a thread's words in the text. */
  show(thread, { select = false } = {}) {
    this.look(thread);
    if (select && this.context.side.isSheet()) this.context.side.close();
    const [place] = placesKey.getState(this.editor.state).places.get(thread) ?? [];
    if (!place) return;
    if (select) this.editor.chain().setTextSelection(place).focus().scrollIntoView().run();
    else this.editor.view.domAtPos(place.from).node.parentElement?.scrollIntoView({ block: "nearest" });
  }

  clicked({ target }) {
    if (!panel()?.contains(target)) return;
    if (target.closest("[data-put-off]")) this.putOff();
    const card = target.closest("[data-thread]");
    if (!card || target.closest("form, summary")) return;
    this.show(card.dataset.thread, { select: Boolean(target.closest("[data-show-words]")) });
  }

  /** Ctrl+Enter sends; Escape leads back to the text. */
  pressed(event) {
    if (event.defaultPrevented || !panel()?.contains(event.target)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (event.target.closest("[data-begin]")) this.putOff();
    else this.editor.commands.focus();
  }

  tellFailure({ target, detail }) {
    const text = detail.requestConfig?.verb === "post" && target.closest?.("#comments")?.dataset.failed;
    if (text) document.body.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
  }
}

onReady((editor, context) => new Comments(editor, context).join());
