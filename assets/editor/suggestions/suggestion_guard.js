// @ts-check
/* The server's rule for those who may only suggest (documents/drafts/live/guard.py), checked
   here first: an edit that would be refused is not made. Only changed blocks are compared, and those that
   a suggestion joins to them. */
import { Fragment } from "@tiptap/pm/model";

import { SUGGESTIONS } from "./marks.js";
import { isForeign } from "./mask.js";
import { ANCHOR, resolved } from "./resolve.js";

/** @import { Node } from "@tiptap/pm/model" */
/** @import { Author } from "../types" */

const HEADS = 2;

/**
 * Whether both documents are the same with all suggestions rejected, and others' suggestions are unchanged.
 * @type {(before: Node, after: Node, me: Author) => boolean}
 */
export function onlySuggests(before, after, me) {
  const [was, now] = changed(before, after);
  if (!was || !now) return true;
  return sameWords(was, now) && JSON.stringify(othersIn(was, me)) === JSON.stringify(othersIn(now, me));
}

/** @type {(before: Node, after: Node) => [] | [was: Node, now: Node]} */
function changed(before, after) {
  const [was, now] = [before.content.content, after.content.content];
  const shortest = Math.min(was.length, now.length);
  let [start, end] = [0, 0];
  while (start < shortest && was[start] === now[start]) start += 1;
  while (end < shortest - start && was[was.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  if (start === was.length && start === now.length) return [];
  while (start > 0 && hasAny(was[start - 1])) start -= 1;
  while (end > 0 && hasAny(was[was.length - end])) end -= 1;
  return [part(before, start, end), part(after, start, end)];
}

/** @type {WeakMap<Node, boolean>} */
const cache = new WeakMap();

/** @type {(block: Node) => boolean} */
function hasAny(block) {
  let found = cache.get(block);
  if (found === undefined) {
    found = block.marks.some((mark) => SUGGESTIONS.includes(mark.type.name));
    block.descendants((node) => {
      found = found || node.marks.some((mark) => SUGGESTIONS.includes(mark.type.name));
      return !found;
    });
    cache.set(block, found);
  }
  return found;
}

/** Title and lead stay: a document begins with them; and a neighbour on each side: the last block of a document
   never goes.
    @type {(doc: Node, start: number, end: number) => Node} */
function part(doc, start, end) {
  const blocks = doc.content.content;
  const kept = blocks.slice(Math.max(start - 1, HEADS), blocks.length - Math.max(end - 1, 0));
  const heads = blocks.slice(0, HEADS);
  return doc.type.create(null, Fragment.fromArray([...heads, ...kept]));
}

/** @type {(was: Node, now: Node) => boolean} */
const sameWords = (was, now) => bare(resolved(was, false)) === bare(resolved(now, false));

/** @type {(doc: Node) => string} */
const bare = (doc) => JSON.stringify(doc.toJSON()).replaceAll(ANCHOR, "");

/** @type {(doc: Node, me: Author) => [id: string, shown: [mark: string, words: string][]][]} */
function othersIn(doc, me) {
  /** @type {Record<string, [mark: string, words: string][]>} */
  const found = {};
  doc.descendants((node) => {
    for (const mark of node.marks) {
      if (!isForeign(mark, me)) continue;
      const shown = node.text ? node.text.replaceAll(ANCHOR, "") : node.type.name;
      const pieces = (found[mark.attrs.id] ??= []);
      const last = pieces.at(-1);
      if (last?.[0] === mark.type.name && node.isText) last[1] += shown;
      else if (shown) pieces.push([mark.type.name, shown]);
    }
  });
  return Object.entries(found).toSorted(([one], [other]) => (one < other ? -1 : 1));
}
