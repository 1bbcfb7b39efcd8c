/* How the marks of suggestions look: `ins` and `del` in the colour of the organisation, with a title that
   says who and when. Names come later than the text and differ by reader, so each element is dressed again
   when they change. A mark around a block must not stand between a list and its items: it is no element to
   a screen reader, and the block itself is dressed by decorations.js. */

const TAGS = { insertion: "ins", deletion: "del", modification: "span" };

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
    return { dom, contentDOM: dom, ignoreMutation: ({ type, target }) => type === "attributes" && target === dom };
  };

/* `attribution.of(id, kind)` → {hue, words} */
function showAttribution(dom, { attribution }) {
  const look = attribution?.of(dom.dataset.suggestion, dom.dataset.kind);
  if (!look) return;
  if (dom.dataset.hue !== look.hue) dom.dataset.hue = look.hue;
  if (dom.title === look.words) return;
  dom.title = look.words;
  // Read out before and after the words; the style sheet puts them there, out of sight.
  dom.dataset.begins = ` ${look.begins} `;
  dom.dataset.ends = ` ${look.ends} `;
}

/** Dresses everything that is drawn once more. */
export function refreshMarkViews(editor) {
  for (const dom of editor.view.dom.querySelectorAll("[data-suggestion]")) showAttribution(dom, editor.storage.suggestMode);
}
