// @ts-check
/* Hides the suggestions of others: their marks are removed, no position changes. The library that turns
   edits into suggestions merges adjacent suggestions under one id and really deletes inserted text, so it
   must see this person's own suggestions only. */
import { Fragment, Slice } from "@tiptap/pm/model";

import { isOf } from "./suggestion_ids.js";
import { SUGGESTIONS } from "./marks.js";

/** @import { Mark, Node } from "@tiptap/pm/model" */
/** @import { Author } from "../types" */

/** @type {(mark: Mark) => boolean} */
const isSuggestion = (mark) => SUGGESTIONS.includes(mark.type.name);

/** Whether the mark is a suggestion of somebody else, or of this person for another organisation.
    @type {(mark: Mark, me: Author) => boolean} */
export const isForeign = (mark, me) => isSuggestion(mark) && !isOf(mark.attrs.id, me);

/** The foreign marks of a node.
    @type {(node: Node, me: Author) => Mark[]} */
export const foreignMarks = (node, me) => node.marks.filter((mark) => isForeign(mark, me));

/* The library takes out the zero-width spaces with which it marks borders; those of others look different. */
const [ANCHOR, STAND_IN] = ["\u200b", "\ue000"];
/** @type {(words: string) => string} */
const disguised = (words) => words.replaceAll(ANCHOR, STAND_IN);

/** What was copied out of the masked document, with its zero-width spaces.
    @type {(slice: Slice) => Slice} */
export function undisguised(slice) {
  if (!slice.content.textBetween(0, slice.content.size, "", "").includes(STAND_IN)) return slice;
  return new Slice(mapText(slice.content), slice.openStart, slice.openEnd);
}

/** @type {(fragment: Fragment) => Fragment} */
function mapText(fragment) {
  /** @type {Node[]} */
  const children = [];
  fragment.forEach((child) => {
    if (child.text)
      children.push(child.type.schema.text(child.text.replaceAll(STAND_IN, ANCHOR), child.marks));
    else children.push(child.copy(mapText(child.content)));
  });
  return Fragment.fromArray(children);
}

/** @type {Map<string, WeakMap<Node, Node>>} */
const caches = new Map();

/** The node without the suggestions of others. Nodes that have none stay the same objects.
    @type {(node: Node, me: Author) => Node} */
export function masked(node, me) {
  const key = `${me.person}.${me.organisation}`;
  const cache = caches.get(key) ?? new WeakMap();
  caches.set(key, cache);
  return maskedBy(node, me, cache);
}

/** @type {(node: Node, me: Author, cache: WeakMap<Node, Node>) => Node} */
function maskedBy(node, me, cache) {
  const known = cache.get(node);
  if (known) return known;
  const content = maskedContent(node.content, me, cache);
  const marks = seenBy(node, me, content !== node.content);
  let made = node;
  if (node.text) made = marks === node.marks ? node : node.type.schema.text(disguised(node.text), marks);
  else if (content !== node.content || marks !== node.marks)
    made = node.type.create(node.attrs, content, marks);
  cache.set(node, made);
  return made;
}

/**
 * An insertion of this person that somebody else suggests to delete, or suggests something in, is not theirs
 * alone: it is shown as plain text, so that nothing of the other's is deleted with it.
 * @type {(node: Node, me: Author, othersInside: boolean) => readonly Mark[]}
 */
function seenBy(node, me, othersInside) {
  const foreign = foreignMarks(node, me);
  const shared = othersInside || foreign.some((mark) => mark.type.name === "deletion");
  /** @type {(mark: Mark) => boolean} */
  const gone = (mark) => foreign.includes(mark) || (shared && mark.type.name === "insertion");
  return node.marks.some(gone) ? node.marks.filter((mark) => !gone(mark)) : node.marks;
}

/** @type {(fragment: Fragment, me: Author, cache: WeakMap<Node, Node>) => Fragment} */
function maskedContent(fragment, me, cache) {
  let changed = false;
  /** @type {Node[]} */
  const children = [];
  fragment.forEach((child) => {
    const made = maskedBy(child, me, cache);
    changed = changed || made !== child;
    children.push(made);
  });
  return changed ? Fragment.fromArray(children) : fragment;
}

/** The slice without the suggestions of others.
    @type {(slice: Slice, me: Author) => Slice} */
export function maskedSlice(slice, me) {
  const content = maskedContent(slice.content, me, new WeakMap());
  return content === slice.content ? slice : new Slice(content, slice.openStart, slice.openEnd);
}
