// @ts-check
/* Text that is copied or dragged is plain: without marks of suggestions and comments, and without what is
   suggested for deletion. A suggestion belongs to the place where it was made. */
import { Fragment, Slice } from "@tiptap/pm/model";

import { SUGGESTIONS } from "./marks.js";
import { ANCHOR } from "./resolve.js";

/** @import { Mark, Node } from "@tiptap/pm/model" */

/** @type {(mark: Mark) => boolean} */
const stays = (mark) => mark.type.name !== "comment" && !SUGGESTIONS.includes(mark.type.name);
/** @type {(node: Node) => boolean} */
const goes = (node) => node.marks.some((mark) => mark.type.name === "deletion");

/** The slice as plain content.
    @type {(slice: Slice) => Slice} */
export function plainSlice(slice) {
  const content = bare(slice.content);
  /** @type {(side: number) => number} */
  const open = (side) => Math.min(side, depthOf(content));
  return new Slice(content, open(slice.openStart), open(slice.openEnd));
}

/** @type {(fragment: Fragment) => Fragment} */
function bare(fragment) {
  /** @type {Node[]} */
  const children = [];
  fragment.forEach((child) => {
    if (goes(child)) return;
    const marks = child.marks.filter(stays);
    if (!child.isText) children.push(child.type.create(child.attrs, bare(child.content), marks));
    else if (child.text && child.text !== ANCHOR)
      children.push(child.type.schema.text(child.text.replaceAll(ANCHOR, "") || " ", marks));
  });
  return Fragment.fromArray(children);
}

/** @type {(fragment: Fragment) => number} */
function depthOf(fragment) {
  let depth = 0;
  for (let node = fragment.firstChild; node && !node.isLeaf; node = node.firstChild) depth += 1;
  return depth;
}
