/* What the checklist found leads to its block. The links `[data-check-block]` count the blocks of the body from
   1, without those that are only suggested; where a finding is in another language, the link opens that. */
import { TextSelection } from "@tiptap/pm/state";

import { onReady } from "./ready_hooks.js";

const HEADS = 2;
const isSuggested = (block) => block.marks.some((mark) => mark.type.name === "insertion");

/* Where the block begins in the document, or null where it has gone meanwhile. */
function placeOf(doc, number) {
  let [place, left] = [null, number];
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
      const link = event.target.closest?.("a[data-check-block]");
      if (!link || link.pathname !== window.location.pathname || event.ctrlKey || event.metaKey) return;
      const { doc } = editor.state;
      const place = placeOf(doc, Number(link.dataset.checkBlock));
      if (place === null) return;
      event.preventDefault();
      if (side.isSheet()) side.close();
      editor.commands.setTextSelection(TextSelection.near(doc.resolve(place + 1)).from);
      editor.view.focus();
      editor.view.nodeDOM(place).scrollIntoView({ block: "center" });
    },
    { signal },
  );
});
