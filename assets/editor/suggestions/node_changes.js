// @ts-check
/* Suggested changes of a block's type (a paragraph becomes a heading) or attributes (the speaker of a
   quotation): a mark on the block remembers what it was. A block that is itself suggested is simply
   changed. */
import { AttrStep, ReplaceAroundStep } from "@tiptap/pm/transform";

import { newId } from "./suggestion_ids.js";

/** @import { Mark, Node, Slice } from "@tiptap/pm/model" */
/** @import { EditorState, Transaction } from "@tiptap/pm/state" */
/** @import { Step } from "@tiptap/pm/transform" */
/** @import { Author } from "../types" */

/** @typedef {{ type: string, attrName?: string, previousValue: unknown, newValue: unknown }} ModificationAttrs */

/** Whether a step gives one block another type or other attributes, and changes nothing else.
    @param {Step} step
    @returns {step is AttrStep | ReplaceAroundStep} */
export const changesBlock = (step) =>
  step instanceof AttrStep ||
  (step instanceof ReplaceAroundStep &&
    step.structure &&
    step.insert === 1 &&
    step.slice.size === 2 &&
    step.gapFrom === step.from + 1 &&
    step.gapTo === step.to - 1);

/** @type {(doc: Node, pos: number) => Node} */
function nodeAt(doc, pos) {
  const node = doc.nodeAt(pos);
  if (!node) throw new RangeError(`no block at ${pos}`);
  return node;
}

/** @type {(slice: Slice) => Node} */
function firstOf({ content }) {
  if (!content.firstChild) throw new RangeError("the step puts nothing in");
  return content.firstChild;
}

/** Whether all that the transaction does is to change blocks.
    @type {(tr: Transaction) => boolean} */
export const changesBlocks = (tr) => tr.steps.length > 0 && tr.steps.every(changesBlock);

/** The transaction that suggests these changes; `wanted` makes them, in the masked document of `start`.
    @type {(wanted: Transaction, start: EditorState, me: Author) => Transaction} */
export function suggestBlockChanges(wanted, start, me) {
  const tr = start.tr;
  const id = newId(me);
  for (const step of wanted.steps.filter(changesBlock)) {
    const pos = step instanceof AttrStep ? step.pos : step.from;
    const there = nodeAt(tr.doc, pos);
    const made =
      step instanceof AttrStep
        ? there.type.create({ ...there.attrs, [step.attr]: step.value })
        : firstOf(step.slice);
    tr.setNodeMarkup(pos, made.type, made.attrs, marksAfter(there, made, id));
  }
  if (wanted.selectionSet) tr.setSelection(wanted.selection.map(tr.doc, tr.mapping));
  return tr;
}

/** @type {(there: Node, made: Node, id: string) => readonly Mark[]} */
function marksAfter(there, made, id) {
  const { insertion, modification } = there.type.schema.marks;
  if (insertion.isInSet(there.marks)) return there.marks;
  const remembered = there.marks.filter((mark) => mark.type === modification);
  /** @type {readonly Mark[]} */
  let marks = there.marks.filter((mark) => mark.type !== modification);
  for (const change of changes(remembered, there, made)) {
    marks = modification.create({ id: change.id ?? id, ...change.attrs }).addToSet(marks);
  }
  return marks;
}

/**
 * How the block differs from its state without this person's suggestions.
 * @type {(remembered: Mark[], there: Node, made: Node) => { id?: string, attrs: ModificationAttrs }[]}
 */
function changes(remembered, there, made) {
  const typeMark = remembered.find((mark) => mark.attrs.type === "nodeType");
  const firstType = typeMark?.attrs.previousValue ?? there.type.name;
  const first = { ...there.attrs };
  if (typeMark) for (const name of Object.keys(first)) delete first[name];
  for (const { attrs } of remembered) if (attrs.type === "attr") first[attrs.attrName] = attrs.previousValue;
  /** @type {{ id?: string, attrs: ModificationAttrs }[]} */
  const found = remembered
    .filter((mark) => mark.attrs.type === "mark")
    .map(({ attrs }) => ({ id: attrs.id, attrs: /** @type {ModificationAttrs & Mark["attrs"]} */ (attrs) }));
  if (made.type.name !== firstType) {
    const attrs = { type: "nodeType", previousValue: firstType, newValue: made.type.name };
    found.push({ id: typeMark?.attrs.id, attrs });
  }
  for (const [name, value] of Object.entries(first)) {
    const now = made.attrs[name] ?? null;
    if (now === value && made.type.name === firstType) continue;
    const known = remembered.find((mark) => mark.attrs.attrName === name);
    found.push({
      id: known?.attrs.id,
      attrs: { type: "attr", attrName: name, previousValue: value, newValue: now },
    });
  }
  return found;
}
