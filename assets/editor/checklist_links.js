// @ts-check
/* Links from the findings of the checklist to their blocks. `[data-check-block]` counts the blocks of the
   body from 1, without those that are only suggested. A finding in another language is an ordinary link to
   that text. */
import { TextSelection } from "@tiptap/pm/state";

import { closest } from "../js/dom.js";
import { onReady } from "./ready_hooks.js";

/** @import { Node } from "@tiptap/pm/model" */

const HEADS = 2;
/** @type {(block: Node) => boolean} */
const isSuggested = (block) => block.marks.some((mark) => mark.type.name === "insertion");

/**
 * The position where the block begins, or null if it has been removed.
 * @type {(doc: Node, number: number) => number | null}
 */
function placeOf(doc, number) {
  /** @type {number | null} */
  let place = null;
  let left = number;
  doc.forEach((block, pos, index) => {
    if (index < HEADS || isSuggested(block)) return;
    left -= 1;
    if (left === 0) place = pos;
  });
  return place;
}

onReady((editor, { side, signal }) => {
  document.addEventListener(
    "click",
    (event) => {
      const link = closest(event, "a[data-check-block]");
      if (
        !(link instanceof HTMLAnchorElement) ||
        link.pathname !== window.location.pathname ||
        event.ctrlKey ||
        event.metaKey
      )
        return;
      const { doc } = editor.state;
      const place = placeOf(doc, Number(link.dataset.checkBlock));
      if (place === null) return;
      event.preventDefault();
      if (side.isSheet()) side.close();
      editor.commands.setTextSelection(TextSelection.near(doc.resolve(place + 1)).from);
      editor.view.focus();
      const block = editor.view.nodeDOM(place);
      if (block instanceof Element) block.scrollIntoView({ block: "center" });
    },
    { signal },
  );
});
