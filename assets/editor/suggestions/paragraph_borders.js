// @ts-check
/* Suggested borders between paragraphs: the same insertion is on both sides, on a zero-width space (an
   anchor) where there is no text. The library deletes such spaces and text one by one and leaves a border
   behind that nothing marks as suggested; text typed between anchor and border separates the two. After an
   edit every remaining border is marked on both sides again. */
import { Slice } from "@tiptap/pm/model";
import { ReplaceStep } from "@tiptap/pm/transform";

import { isOf } from "./suggestion_ids.js";
import { ANCHOR } from "./resolve.js";

/** @import { Node } from "@tiptap/pm/model" */
/** @import { Transaction } from "@tiptap/pm/state" */
/** @import { Author } from "../types" */

/**
 * The end of a line, the beginning of the next one, and the suggestion that parts them.
 * @typedef {{ left: number, right: number, id: string }} Border
 */

/** @type {(node?: Node | null) => string | undefined} */
const insertionOf = (node) => node?.marks.find((mark) => mark.type.name === "insertion")?.attrs.id;

/** @type {WeakMap<Node, Border[]>} */
const cache = new WeakMap(); // a document is looked at once

/** In the order of the text.
    @type {(doc: Node) => Border[]} */
export function paragraphBorders(doc) {
  const borders = cache.get(doc) ?? found(doc);
  cache.set(doc, borders);
  return borders;
}

/** @type {(doc: Node) => Border[]} */
function found(doc) {
  /** @type {Border[]} */
  const borders = [];
  /** @type {{ end: number, id?: string } | null} */
  let before = null;
  doc.descendants((node, pos) => {
    if (!node.isTextblock) {
      if (node.isLeaf && node.isBlock) before = null;
      return !node.isInline;
    }
    const id = insertionOf(node.firstChild);
    if (before && id && before.id === id) borders.push({ left: before.end, right: pos + 1, id });
    before = { end: pos + 1 + node.content.size, id: insertionOf(node.lastChild) };
    return false;
  });
  return borders;
}

/**
 * This person's borders that the deletion from `from` to `to` covers, or one of whose anchors it covers.
 * @type {(doc: Node, from: number, to: number, me: Author) => Border[]}
 */
export function bordersMeantBy(doc, from, to, me) {
  /** @type {(pos: number) => boolean} */
  const isAnchor = (pos) => doc.textBetween(pos, pos + 1, " ", " ") === ANCHOR;
  return paragraphBorders(doc).filter(
    ({ left, right, id }) =>
      isOf(id, me) &&
      ((from <= left && to >= right) ||
        (from < left && to >= left && isAnchor(left - 1)) ||
        (to > right && from <= right && isAnchor(right))),
  );
}

/**
 * Repair `tr`, which began from `doc`: delete the borders in `meant`, mark the others on both sides.
 * @type {(tr: Transaction, doc: Node, meant: Border[]) => void}
 */
export function repairBorders(tr, doc, meant) {
  for (const border of [...paragraphBorders(doc)].reverse()) {
    const [left, right] = [tr.mapping.map(border.left, 1), tr.mapping.map(border.right, -1)];
    const [$left, $right] = [tr.doc.resolve(left), tr.doc.resolve(right)];
    if (!$left.parent.isTextblock || !$right.parent.isTextblock || $left.parent === $right.parent) continue;
    if (meant.includes(border)) joinLines(tr, $left.end(), $right.start(), border.id);
    else markBoth(tr, $left.end(), $right.start(), border.id);
  }
}

/** @type {(tr: Transaction, end: number, start: number, id: string) => void} */
function joinLines(tr, end, start, id) {
  const [$end, $start] = [tr.doc.resolve(end), tr.doc.resolve(start)];
  /** @type {(node: Node | null) => boolean} */
  const isAnchor = (node) => node?.text === ANCHOR && insertionOf(node) === id;
  const from = isAnchor($end.nodeBefore) ? end - 1 : end;
  const to = isAnchor($start.nodeAfter) ? start + 1 : start;
  if ($end.depth === $start.depth) tr.maybeStep(new ReplaceStep(from, to, Slice.empty));
}

/** @type {(tr: Transaction, end: number, start: number, id: string) => void} */
function markBoth(tr, end, start, id) {
  const { schema } = tr.doc.type;
  const before = insertionOf(tr.doc.resolve(end).nodeBefore);
  const after = insertionOf(tr.doc.resolve(start).nodeAfter);
  if (before && before === after) return;
  const anchor = schema.text(ANCHOR, [schema.marks.insertion.create({ id })]);
  if (after !== id) tr.insert(start, anchor);
  if (before !== id) tr.insert(end, anchor);
}
