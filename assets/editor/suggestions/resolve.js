// @ts-check
/* Accepts and rejects suggestions. documents/drafts/live/resolve.py does the same on the server, and a
   test compares them. No adjacent space is deleted, and only what has the suggestion's mark goes: a
   suggestion on both sides of a paragraph border joins the two. */
import { Fragment, Slice } from "@tiptap/pm/model";
import { ReplaceStep, Transform } from "@tiptap/pm/transform";

/** @import { Mark, Node } from "@tiptap/pm/model" */
/** @import { ResolveOptions } from "../types" */

/**
 * The mark of a node that is meant, or null.
 * @typedef {(node: Node | null) => Mark | null} Matcher
 */

export const ANCHOR = "\u200b";
const HEADS = ["title", "lead"];
const CELLS = ["tableHeader", "tableCell", "approvedBlock"];
const CONTAINERS = ["bulletList", "orderedList", "listItem", "blockquote", "quotation", "table", "tableRow"];
const HEADING_LEVEL = 2;

/**
 * Changes the transform `tr`: accepts or rejects the suggestions whose id `match` says yes to.
 * @template {Transform} T
 * @param {T} tr
 * @param {ResolveOptions} options
 * @returns {T}
 */
export function resolve(tr, { accept, match = () => true }) {
  const [keep, drop] = accept ? ["insertion", "deletion"] : ["deletion", "insertion"];
  /** @param {Node | null} node @param {string} name */
  const matched = (node, name) => {
    const mark = node?.marks.find((one) => one.type.name === name);
    return mark && match(mark.attrs.id) ? mark : null;
  };
  takeOutBlocks(tr, (node) => matched(node, drop));
  takeOutWords(tr, (node) => matched(node, drop));
  settle(tr, { accept, match, kept: (node) => matched(node, keep) });
  return tr;
}

/** The document with all suggestions taken in or out.
    @type {(doc: Node, accept: boolean) => Node} */
export const resolved = (doc, accept) => resolve(new Transform(doc), { accept }).doc;

/** @type {(tr: Transform, from: number, to: number) => void} */
const cut = (tr, from, to) => from < to && tr.step(new ReplaceStep(from, to, Slice.empty));

// --- taking out ------------------------------------------------------------------------------------

/** @type {(tr: Transform, dropped: Matcher) => void} */
function takeOutBlocks(tr, dropped) {
  /** @type {number[]} */
  const places = [];
  tr.doc.descendants((node, pos) => {
    if (node.isInline || HEADS.includes(node.type.name) || !dropped(node)) return true;
    places.push(pos);
    return false;
  });
  for (const pos of places.reverse()) leave(tr, pos);
}

/**
 * Delete a block. A container that becomes empty goes too, except a cell, which needs a line.
 * @type {(tr: Transform, pos: number) => void}
 */
function leave(tr, pos) {
  const $pos = tr.doc.resolve(pos);
  const { schema } = $pos.parent.type;
  let { depth } = $pos;
  let [from, to] = [pos, pos + ($pos.nodeAfter?.nodeSize ?? 0)];
  while (depth > 0 && $pos.node(depth).childCount === 1 && CONTAINERS.includes($pos.node(depth).type.name)) {
    [from, to] = [$pos.before(depth), $pos.after(depth)];
    depth -= 1;
  }
  const parent = $pos.node(depth);
  const place = $pos.index(depth);
  const lastOne = CELLS.includes(parent.type.name) && parent.childCount === 1;
  const lastBlock = depth === 0 && parent.childCount <= HEADS.length + 1;
  const next = parent.maybeChild(place + 1);
  const leads = parent.type.name === "listItem" && place === 0 && next?.type.name !== "paragraph";
  if (lastOne || lastBlock || leads)
    tr.step(new ReplaceStep(from, to, new Slice(Fragment.from(schema.nodes.paragraph.create()), 0, 0)));
  else cut(tr, from, to);
}

/** @type {(tr: Transform, dropped: Matcher) => void} */
function takeOutWords(tr, dropped) {
  /** @type {{ node: Node, pos: number }[]} */
  const lines = [];
  tr.doc.descendants((node, pos) => {
    if (node.isInline) return false;
    if (node.isTextblock || node.isLeaf) lines.push({ node, pos });
    return !node.isTextblock;
  });
  const runsOn = lines.map(({ node }, index) => index > 0 && isOne(lines[index - 1].node, node, dropped));
  let following = -1; // where the line begins that becomes one with this one
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const { node, pos } = lines[index];
    const done = tr.mapping.maps.length;
    takeOutOfLine(tr, node, pos, dropped);
    if (runsOn[index + 1]) following = join(tr, pos, tr.mapping.slice(done).map(following));
    else following = pos;
  }
}

/** @type {(tr: Transform, node: Node, pos: number, dropped: Matcher) => void} */
function takeOutOfLine(tr, node, pos, dropped) {
  /** @type {[from: number, to: number][]} */
  const places = [];
  node.forEach((child, offset) => {
    if (dropped(child)) places.push([pos + 1 + offset, pos + 1 + offset + child.nodeSize]);
  });
  for (const [from, to] of places.reverse()) cut(tr, from, to);
}

/** Whether a suggestion takes the border between two lines out. Title and lead stay apart.
    @type {(line: Node, next: Node, dropped: Matcher) => boolean} */
function isOne(line, next, dropped) {
  if (HEADS.includes(line.type.name) || HEADS.includes(next.type.name)) return false;
  if (!line.isTextblock || !next.isTextblock || !line.childCount || !next.childCount) return false;
  const end = dropped(line.lastChild);
  return end !== null && end.attrs.id === dropped(next.firstChild)?.attrs.id;
}

/**
 * Join two lines and return where the line begins. If one of them is empty, the other remains.
 * @type {(tr: Transform, pos: number, following: number) => number}
 */
function join(tr, pos, following) {
  const [line, next] = [tr.doc.nodeAt(pos), tr.doc.nodeAt(following)];
  if (!line || !next) throw new RangeError("a line has gone");
  const done = tr.mapping.maps.length;
  if (!line.childCount && next.childCount) {
    leave(tr, pos);
    return tr.mapping.slice(done).map(following);
  }
  if (following === pos + line.nodeSize) {
    tr.step(new ReplaceStep(following - 1, following + 1, Slice.empty, true));
    return pos;
  }
  leave(tr, following);
  const end = pos + line.nodeSize - 1;
  tr.step(new ReplaceStep(end, end, new Slice(next.content, 0, 0)));
  return pos;
}

// --- what stays ------------------------------------------------------------------------------------

const ORDER = ["nodeType", "attr", "mark"];

/** @type {(tr: Transform, given: Required<ResolveOptions> & { kept: Matcher }) => void} */
function settle(tr, { accept, match, kept }) {
  /** @type {number[]} */
  const anchors = [];
  const { modification } = tr.doc.type.schema.marks;
  tr.doc.descendants((node, pos) => {
    const mark = kept(node);
    if (mark && node.isInline) tr.removeMark(pos, pos + node.nodeSize, mark);
    else if (mark) tr.removeNodeMark(pos, mark);
    if (mark && node.text)
      for (let at = 0; at < node.text.length; at += 1) if (node.text[at] === ANCHOR) anchors.push(pos + at);
    const changes = node.marks.filter((one) => one.type === modification && match(one.attrs.id));
    changes.sort((one, other) => ORDER.indexOf(one.attrs.type) - ORDER.indexOf(other.attrs.type));
    for (const change of changes) {
      tr.removeNodeMark(pos, change);
      if (!accept) takeBack(tr, pos, change.attrs);
    }
  });
  for (const pos of anchors.reverse()) cut(tr, pos, pos + ANCHOR.length);
}

/** @type {(tr: Transform, pos: number, change: Mark["attrs"]) => void} */
function takeBack(tr, pos, { type, attrName, previousValue, newValue }) {
  const node = tr.doc.nodeAt(pos);
  if (!node) return;
  const { schema } = node.type;
  if (type === "attr" && attrName in (node.type.spec.attrs ?? {}))
    tr.setNodeAttribute(pos, attrName, previousValue);
  if (type === "nodeType" && schema.nodes[previousValue]) {
    const attrs = previousValue === "heading" ? { level: HEADING_LEVEL } : null;
    tr.setNodeMarkup(pos, schema.nodes[previousValue], attrs, node.marks);
  }
  if (type === "mark") {
    if (newValue) tr.removeNodeMark(pos, schema.markFromJSON(newValue));
    if (previousValue) tr.addNodeMark(pos, schema.markFromJSON(previousValue));
  }
}
