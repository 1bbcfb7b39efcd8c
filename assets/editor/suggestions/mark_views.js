// @ts-check
/* How the marks of suggestions look: `ins` and `del` in the colour of the organisation, with a title that
   says who and when. Names come later than the text and differ by reader, so each element is dressed again
   when they change. A mark around a block must not stand between a list and its items: it is no element to
   a screen reader, and the block itself is dressed by decorations.js. */

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

/** Dresses everything that is drawn once more.
    @type {(editor: Editor) => void} */
export function refreshMarkViews(editor) {
  for (const dom of findAll(editor.view.dom, "[data-suggestion]"))
    showAttribution(dom, editor.storage.suggestMode);
}
