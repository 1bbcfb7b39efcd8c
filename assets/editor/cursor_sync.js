// @ts-check
/* Keeps ProseMirror's selection in step with the browser's. The browser moves its cursor at once and
   reports it in a later task. A redraw in between (glossary hints, names, carets, remote edits) would
   reset the cursor to the editor's old selection: selections would lose letters, and typing after a click
   into the text would land in the title. So the editor reads the DOM selection before it applies a
   transaction that nobody here typed, and before it handles a key. */
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";

import { copyMeta } from "./transaction_meta.js";

/** @import { EditorState, Transaction } from "@tiptap/pm/state" */
/** @import { EditorView } from "@tiptap/pm/view" */

/**
 * Read the DOM selection now. ProseMirror does the same on `selectionchange`, and has no public way to do it
 * earlier. Does nothing while the editor is gaining focus or an input method is composing.
 * @type {(view: EditorView) => void}
 */
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

/**
 * The transaction, which changes neither document nor selection, rebuilt on the state after reading.
 * @type {(state: EditorState, transaction: Transaction) => Transaction}
 */
function onState(state, transaction) {
  const made = state.tr;
  if (transaction.storedMarksSet) made.setStoredMarks(transaction.storedMarks);
  if (transaction.scrolledIntoView) made.scrollIntoView();
  copyMeta(transaction, made);
  return made;
}
