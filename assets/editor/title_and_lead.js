// @ts-check
/* Title and lead: lines of plain text before the body. A deletion across their borders is made in each
   part separately; keys at their edges only move the cursor. */
import { Extension } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";

import { copyMeta } from "./transaction_meta.js";

/** @import { Editor, KeyboardShortcutCommand } from "@tiptap/core" */
/** @import { Node } from "@tiptap/pm/model" */
/** @import { EditorState, Transaction } from "@tiptap/pm/state" */
/** @import { ReplaceStep } from "@tiptap/pm/transform" */

const HEADS = 2; // blocks: title and lead

/** Which child of the document a position is in.
    @type {(doc: Node, pos: number) => number} */
const part = (doc, pos) => doc.resolve(pos).index(0);

/**
 * The transaction, or one that does the same without joining title, lead and body.
 * @type {(tr: Transaction, state: EditorState) => Transaction}
 */
export function keepTitleAndLead(tr, state) {
  const step = /** @type {Partial<ReplaceStep>} */ (tr.steps[0] ?? {});
  if (tr.getMeta("y-sync$") || step.from === undefined || step.to === undefined || step.from >= step.to)
    return tr;
  const { doc } = state;
  const [first, last] = [part(doc, step.from), part(doc, Math.min(step.to, doc.content.size - 1))];
  if (first === last || first >= HEADS) return tr;
  const [from, to] = state.selection.empty
    ? [step.from, step.to]
    : [state.selection.from, state.selection.to];
  const made = state.tr;
  for (const [start, end] of pieces(doc, from, to).reverse()) made.deleteRange(start, end);
  if (to >= doc.content.size - 1) makePlain(made);
  const words = typed(step);
  if (words) made.insertText(words, from);
  made.setSelection(TextSelection.near(made.doc.resolve(from + words.length)));
  copyMeta(tr, made);
  return made.scrollIntoView();
}

/**
 * Make an empty paragraph of what is left of a body that was deleted as a whole.
 * @type {(tr: Transaction) => void}
 */
function makePlain(tr) {
  const rest = tr.doc.lastChild;
  const { paragraph } = tr.doc.type.schema.nodes;
  if (tr.doc.childCount !== HEADS + 1 || !rest || rest.content.size || !rest.isTextblock) return;
  if (rest.type !== paragraph) tr.setNodeMarkup(tr.doc.content.size - rest.nodeSize, paragraph);
}

/** @type {(doc: Node, from: number, to: number) => [from: number, to: number][]} */
function pieces(doc, from, to) {
  /** @type {[from: number, to: number][]} */
  const found = [];
  let rest = from;
  doc.forEach((child, offset, index) => {
    const end = index < HEADS ? offset + child.nodeSize - 1 : doc.content.size;
    const [start, stop] = [Math.max(rest, offset + (index < HEADS ? 1 : 0)), Math.min(to, end)];
    if (start < stop && (index < HEADS || index === HEADS || rest > offset)) {
      found.push([index === HEADS ? Math.max(start, offset + 1) : start, stop]);
      rest = stop;
    }
  });
  return found.filter(([start, stop]) => start < stop);
}

/** Words that the step puts in place of what it takes out.
    @type {(step: Partial<ReplaceStep>) => string} */
function typed({ slice }) {
  let words = "";
  slice?.content.descendants((node) => {
    words += node.isText ? node.text : "";
  });
  return words;
}

/** Moves the cursor to the start or the end of a child of the document.
    @type {(editor: Editor, index: number, end?: boolean) => true} */
function goTo(editor, index, end = false) {
  const { state, view } = editor;
  let pos = 0;
  for (let before = 0; before < index; before += 1) pos += state.doc.child(before).nodeSize;
  const place = end ? pos + state.doc.child(index).nodeSize - 1 : pos + 1;
  view.dispatch(
    state.tr.setSelection(TextSelection.near(state.doc.resolve(place), end ? -1 : 1)).scrollIntoView(),
  );
  return true;
}

/** @type {KeyboardShortcutCommand} */
const enter = ({ editor }) => {
  const index = editor.state.selection.$head.index(0);
  return index < HEADS && goTo(editor, index + 1);
};

/** @type {KeyboardShortcutCommand} */
const backspace = ({ editor }) => {
  const { $head, empty } = editor.state.selection;
  const index = $head.index(0);
  if (!empty || index > HEADS || $head.parentOffset > 0 || $head.depth > 1) return false;
  if (index === 0) return true;
  const goes = index === HEADS && !$head.parent.content.size && editor.state.doc.childCount > HEADS + 1;
  return goes ? false : goTo(editor, index - 1, true);
};

/** @type {KeyboardShortcutCommand} */
const forward = ({ editor }) => {
  const { $head, empty } = editor.state.selection;
  return empty && $head.index(0) < HEADS && $head.parentOffset === $head.parent.content.size;
};

export const TitleAndLead = Extension.create({
  name: "heads",
  priority: 1100,
  addKeyboardShortcuts: () => ({
    Enter: enter,
    "Shift-Enter": enter,
    "Mod-Enter": enter,
    Backspace: backspace,
    Delete: forward,
  }),
});
