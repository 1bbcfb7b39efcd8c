// @ts-check
/* Turns an edit into a suggestion. The library works on the masked document (mask.js); its steps are then
   applied to the real one, where they skip others' suggestions: what somebody suggested to delete stays
   theirs, what somebody inserted gets a deletion mark and is not removed. */
import { transformToSuggestionTransaction } from "@handlewithcare/prosemirror-suggest-changes";
import { EditorState, Selection, TextSelection } from "@tiptap/pm/state";
import { AddMarkStep, AddNodeMarkStep, ReplaceAroundStep, ReplaceStep } from "@tiptap/pm/transform";

import { copyMeta } from "../transaction_meta.js";
import { bordersMeantBy, repairBorders } from "./paragraph_borders.js";
import { onlySuggests } from "./suggestion_guard.js";
import { newId } from "./suggestion_ids.js";
import { foreignMarks, masked, maskedSlice, undisguised } from "./mask.js";
import { changesBlock, changesBlocks, suggestBlockChanges } from "./node_changes.js";
import { splitSteps } from "./split_steps.js";

/** @import { Mark, Node } from "@tiptap/pm/model" */
/** @import { Transaction } from "@tiptap/pm/state" */
/** @import { Step } from "@tiptap/pm/transform" */
/** @import { Author } from "../types" */

const HEADS = ["title", "lead"];

/** The transaction that suggests what `tr` would do, or null if there is no way to suggest it.
    @type {(tr: Transaction, state: EditorState, me: Author) => Transaction | null} */
export function toSuggestion(tr, state, me) {
  try {
    const made = suggestion(tr, state, me);
    return made && onlySuggests(state.doc, made.doc, me) ? made : null;
  } catch (fault) {
    // The library gives up on some edits that join or wrap what is suggested already.
    if (fault instanceof RangeError || fault instanceof TypeError) return null;
    throw fault;
  }
}

/** @type {(tr: Transaction, state: EditorState, me: Author) => Transaction | null} */
function suggestion(tr, state, me) {
  const start = maskedState(state, me, tr);
  const wanted = start.tr;
  for (const step of tr.steps) {
    if (wanted.maybeStep(maskedStep(step, me)).failed) return null;
  }
  if (tr.selectionSet) wanted.setSelection(Selection.fromJSON(wanted.doc, tr.selection.toJSON()));
  if (changesBlocks(wanted)) return takenOver([suggestBlockChanges(wanted, start, me)], tr, state, me);
  const steps = splitSteps(wanted);
  if (!steps) return null;
  const made = takenOver(oneByOne(steps, wanted, start, me), tr, state, me);
  const cuts = steps.filter((step) => step instanceof ReplaceStep).filter((step) => step.from < step.to);
  const meant = cuts.flatMap(({ from, to }) => bordersMeantBy(state.doc, from, to, me));
  repairBorders(made, state.doc, meant);
  followInto(made, tr);
  return made;
}

/** The cursor that an edit leaves inside of the blocks that it puts in, as in the first cell of a new table.
    @type {(made: Transaction, original: Transaction) => void} */
function followInto(made, original) {
  const [step, ...more] = original.steps;
  const { from } = original.selection;
  if (!(step instanceof ReplaceStep) || more.length || !original.selectionSet) return;
  const size = step.slice.openStart ? 0 : step.slice.size;
  if (!size || !step.slice.content.firstChild?.isBlock) return;
  if (from <= step.from || from >= step.from + size) return;
  const at = made.steps.findIndex((one) => one instanceof ReplaceStep && one.slice.size === size);
  const same = made.steps[at];
  if (!(same instanceof ReplaceStep)) return;
  const pos = made.mapping.slice(at + 1).map(same.from + from - step.from);
  made.setSelection(TextSelection.near(made.doc.resolve(pos)));
}

/** What one sees: the document without the suggestions of others, and what the edit replaces selected.
    @type {(state: EditorState, me: Author, tr: Transaction) => EditorState} */
function maskedState(state, me, tr) {
  const doc = masked(state.doc, me);
  const replaced = replacedBy(tr);
  const selection = replaced
    ? TextSelection.between(doc.resolve(replaced.from), doc.resolve(replaced.to))
    : Selection.fromJSON(doc, state.selection.toJSON());
  return EditorState.create({ schema: state.schema, doc, selection });
}

/** Without a selection the library leaves the cursor before the new words. The editor hears of a selection
   later than of what is typed over it, and of none where a spelling is mended.
    @type {(tr: Transaction) => ReplaceStep | null} */
function replacedBy({ steps: [step, ...more] }) {
  if (!(step instanceof ReplaceStep) || more.length) return null;
  return step.from < step.to && step.slice.size > 0 ? step : null;
}

/** The library's transactions, one after another. The pieces of one change have one id; deletions have one
   each, since a deletion on both sides of a border means the border.
    @type {(steps: Step[], wanted: Transaction, start: EditorState, me: Author) => Transaction[]} */
function oneByOne(steps, wanted, start, me) {
  /** @type {Transaction[]} */
  const found = [];
  const id = newId(me);
  let state = start;
  for (const [index, step] of steps.entries()) {
    const tr = state.tr.step(step);
    if (steps.length === 1 && wanted.selectionSet)
      tr.setSelection(Selection.fromJSON(tr.doc, wanted.selection.toJSON()));
    const deletes = step instanceof ReplaceStep && step.slice.size === 0;
    const made = transformToSuggestionTransaction(tr, state, () => (index && deletes ? newId(me) : id));
    if (steps.length > 1) made.setSelection(start.selection.map(made.doc, made.mapping));
    found.push(made);
    state = state.apply(made);
  }
  return found;
}

/** @type {(step: Step, me: Author) => Step} */
function maskedStep(step, me) {
  if (step instanceof ReplaceStep)
    return new ReplaceStep(step.from, step.to, maskedSlice(step.slice, me), step.structure);
  if (step instanceof ReplaceAroundStep) {
    const { from, to, gapFrom, gapTo, slice, insert, structure } = step;
    return new ReplaceAroundStep(from, to, gapFrom, gapTo, maskedSlice(slice, me), insert, structure);
  }
  return step;
}

/** The steps of the transactions on the masked document, on the real one.
    @type {(all: Transaction[], original: Transaction, state: EditorState, me: Author) => Transaction} */
function takenOver(all, original, state, me) {
  const real = state.tr;
  for (const step of all.flatMap((made) => made.steps)) take(real, step, me);
  const made = all.at(-1);
  if (made?.selectionSet) real.setSelection(Selection.fromJSON(real.doc, made.selection.toJSON()));
  if (original.storedMarksSet) real.setStoredMarks(original.storedMarks);
  if (original.scrolledIntoView) real.scrollIntoView();
  copyMeta(original, real);
  return real;
}

/** @type {(real: Transaction, step: Step, me: Author) => unknown} */
function take(real, step, me) {
  if (step instanceof AddMarkStep) return takeMark(real, step, me);
  if (step instanceof AddNodeMarkStep) return takeNodeMark(real, step, me);
  if (step instanceof ReplaceAroundStep && changesBlock(step))
    return takeNode(real, step.from, step.slice.content.firstChild, me);
  if (step instanceof ReplaceStep && replacesLeaf(real.doc, step))
    return takeNode(real, step.from, step.slice.content.firstChild, me);
  if (step instanceof ReplaceStep)
    return real.step(new ReplaceStep(step.from, step.to, undisguised(step.slice), step.structure));
  return real.step(step);
}

/** A deletion passes by what is suggested for deletion already. One that runs from the title into the text
   is several, so that taking it in joins no title with a paragraph.
    @type {(real: Transaction, step: AddMarkStep, me: Author) => void} */
function takeMark(real, { from, to, mark }, me) {
  /** @type {{ from: number, to: number, part: string }[]} */
  const pieces = [];
  real.doc.nodesBetween(from, to, (node, pos, parent) => {
    if (!node.isInline || !parent?.type.allowsMarkType(mark.type)) return;
    if (mark.type.name === "deletion" && hasForeign(node, "deletion", me)) return;
    const part = HEADS.includes(parent.type.name) ? parent.type.name : "text";
    pieces.push({ from: Math.max(from, pos), to: Math.min(to, pos + node.nodeSize), part });
  });
  const ids = new Map(pieces.length ? [[pieces[0].part, mark.attrs.id]] : []);
  for (const piece of pieces) {
    if (!ids.has(piece.part)) ids.set(piece.part, newId(me));
    real.addMark(piece.from, piece.to, mark.type.create({ ...mark.attrs, id: ids.get(piece.part) }));
  }
}

/** @type {(real: Transaction, step: AddNodeMarkStep, me: Author) => void} */
function takeNodeMark(real, { pos, mark }, me) {
  const node = real.doc.nodeAt(pos);
  if (!node || HEADS.includes(node.type.name)) return;
  if (mark.type.name === "deletion" && hasForeign(node, "deletion", me)) return;
  real.addNodeMark(pos, mark);
}

/** What `setNodeMarkup` makes: the node anew around or instead of the old one. Marks that the library was not
   shown stay on it.
    @type {(real: Transaction, pos: number, made: Node | null, me: Author) => void} */
function takeNode(real, pos, made, me) {
  const there = real.doc.nodeAt(pos);
  if (!there || !made) throw new RangeError(`no node at ${pos}`);
  const seen = masked(there, me).marks;
  const hidden = there.marks.filter((mark) => !mark.isInSet(seen));
  const marks = hidden.reduce((set, mark) => mark.addToSet(set), /** @type {readonly Mark[]} */ (made.marks));
  real.setNodeMarkup(pos, made.type, made.attrs, marks);
}

/** @type {(node: Node, name: string, me: Author) => boolean} */
const hasForeign = (node, name, me) => foreignMarks(node, me).some((mark) => mark.type.name === name);

/** @type {(doc: Node, step: ReplaceStep) => boolean} */
function replacesLeaf(doc, step) {
  const there = doc.nodeAt(step.from);
  const made = step.slice.content.firstChild;
  return (
    there !== null &&
    made !== null &&
    there.isLeaf &&
    !there.isText &&
    step.to === step.from + there.nodeSize &&
    step.slice.content.childCount === 1 &&
    made.type === there.type
  );
}
