// @ts-check
/* The browser moves its cursor at once and tells the editor in a later task. What is drawn in between (hints,
   names, carets, words of others) would put the cursor back to where the editor last knew it: a selection would
   lose letters, and what is typed after a press into the text would land in the title. So the editor reads the
   browser's cursor before it draws what nobody here has typed, and before it judges a key. */
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";

import { copyMeta } from "./transaction_meta.js";

/** @import { EditorState, Transaction } from "@tiptap/pm/state" */
/** @import { EditorView } from "@tiptap/pm/view" */

/** Tell the editor of this view where the browser's cursor is now. ProseMirror does the same when the browser's
    `selectionchange` comes, and has no public way to do it earlier. While the editor gets the focus the browser's
    cursor means nothing yet, and an input method is not disturbed.
    @type {(view: EditorView) => void} */
export function readCursor(view) {
  if (view.focused && !view.composing) view.domObserver.flush();
}

export const Cursor = Extension.create({
  name: "cursor",
  priority: 2000, // before all that answers keys or changes transactions

  dispatchTransaction({ transaction, next }) {
    if (transaction.docChanged || transaction.selectionSet) return next(transaction);
    readCursor(this.editor.view);
    return next(onState(this.editor.state, transaction));
  },

  addProseMirrorPlugins() {
    /** @type {(view: EditorView) => void} */
    const keydown = (view) => readCursor(view);
    return [new Plugin({ props: { handleDOMEvents: { keydown } } })];
  },
});

/** A transaction that only draws, on the state as it is after the cursor was read.
    @type {(state: EditorState, transaction: Transaction) => Transaction} */
function onState(state, transaction) {
  const made = state.tr;
  if (transaction.storedMarksSet) made.setStoredMarks(transaction.storedMarks);
  if (transaction.scrolledIntoView) made.scrollIntoView();
  copyMeta(transaction, made);
  return made;
}
