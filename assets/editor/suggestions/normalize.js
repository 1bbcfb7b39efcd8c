// @ts-check
/* Normalises edits that are no suggestions: text typed inside another person's insertion becomes this
   person's own insertion, a block that is changed or split is no longer the other's suggestion, and
   suggested paragraph borders stay marked. Nobody writes in another's name; the server would refuse it. */
import { newId } from "./suggestion_ids.js";
import { repairBorders } from "./paragraph_borders.js";
import { foreignMarks } from "./mask.js";

/** @import { Mark, Node } from "@tiptap/pm/model" */
/** @import { Transaction } from "@tiptap/pm/state" */
/** @import { Author, Place } from "../types" */

/**
 * Add the needed steps to `tr`, which began from `doc`.
 * @type {(tr: Transaction, doc: Node, me: Author) => void}
 */
export function normalizeEdit(tr, doc, me) {
  const id = newId(me);
  for (const { from, to } of written(tr)) {
    tr.doc.nodesBetween(from, to, (node, pos) => {
      const foreign = foreignMarks(node, me);
      if (!foreign.length) return;
      if (node.isInline) disown(tr, Math.max(from, pos), Math.min(to, pos + node.nodeSize), foreign, id);
      else if (pos >= from) for (const mark of foreign) tr.removeNodeMark(pos, mark);
    });
  }
  repairBorders(tr, doc, []);
}

/**
 * The ranges that the steps inserted, in the current document.
 * @type {(tr: Transaction) => Place[]}
 */
function written(tr) {
  /** @type {Place[]} */
  const ranges = [];
  for (const [index, map] of tr.mapping.maps.entries()) {
    const rest = tr.mapping.slice(index + 1);
    map.forEach((_from, _to, from, to) => ranges.push({ from: rest.map(from, 1), to: rest.map(to, -1) }));
  }
  return ranges.filter(({ from, to }) => from < to);
}

/** @type {(tr: Transaction, from: number, to: number, foreign: Mark[], id: string) => void} */
function disown(tr, from, to, foreign, id) {
  const { insertion } = tr.doc.type.schema.marks;
  for (const mark of foreign) tr.removeMark(from, to, mark);
  if (foreign.some((mark) => mark.type === insertion)) tr.addMark(from, to, insertion.create({ id }));
}
