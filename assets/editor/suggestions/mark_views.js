// @ts-check
/* Mark views of suggestions: `ins` and `del` in the colour of the organisation, with a title that says who
   and when. Names arrive after the text and differ by reader, so the views are updated when names change.
   A mark around a block must not come between a list and its items: for screen readers it is no element,
   and the block itself is styled by decorations.js. */

import { findAll } from "../../js/dom.js";

/** @import { Editor, MarkViewRenderer } from "@tiptap/core" */
/** @import { SuggestModeStorage } from "../types" */

/** @type {Record<string, string>} */
const TAGS = { insertion: "ins", deletion: "del", modification: "span" };

/** @type {(name: string) => MarkViewRenderer} */
export const markView =
  (name) =>
  ({ mark, inline, editor }) => {
    const dom = document.createElement(inline ? TAGS[name] : "div");
    if (inline) {
      dom.dataset.suggestion = mark.attrs.id;
      dom.dataset.kind = name;
      showAttribution(dom, editor.storage.suggestMode);
    } else {
      dom.className = "suggested-block";
      dom.setAttribute("role", "none");
    }
    return {
      dom,
      contentDOM: dom,
      ignoreMutation: ({ type, target }) => type === "attributes" && target === dom,
    };
  };

/** `attribution.of(id, kind)` → {hue, words}
    @type {(dom: HTMLElement, storage: SuggestModeStorage) => void} */
function showAttribution(dom, { attribution }) {
  const { suggestion = "", kind = "" } = dom.dataset;
  const look = attribution?.of(suggestion, kind);
  if (!look) return;
  if (dom.dataset.hue !== look.hue) dom.dataset.hue = look.hue;
  if (dom.title === look.words) return;
  dom.title = look.words;
  // Read out before and after the words; the style sheet puts them there, out of sight.
  dom.dataset.begins = ` ${look.begins} `;
  dom.dataset.ends = ` ${look.ends} `;
}

/**
 * Update all mark views that are drawn.
 * @type {(editor: Editor) => void}
 */
export function refreshMarkViews(editor) {
  for (const dom of findAll(editor.view.dom, "[data-suggestion]"))
    showAttribution(dom, editor.storage.suggestMode);
}
