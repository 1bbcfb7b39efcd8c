// @ts-check
/* Decorations of suggestions beside their marks: the organisation's square after each, the look of blocks
   to insert or delete, and the selected suggestion. */
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

import { listSuggestions } from "./suggestion_list.js";
import { SUGGESTIONS } from "./marks.js";

/** @import { Editor } from "@tiptap/core" */
/** @import { Node } from "@tiptap/pm/model" */
/** @import { EditorState } from "@tiptap/pm/state" */
/** @import { Attribution, Look } from "./attribution.js" */

/** @type {PluginKey<string | null>} */
export const chosenKey = new PluginKey("chosen suggestion");

/** The suggestion under the cursor; null where there is none.
    @type {(state: EditorState) => string | null} */
export const chosen = (state) => chosenKey.getState(state) ?? null;

/** @type {(node?: Node | null) => string | undefined} */
const idAt = (node) => node?.marks.find((mark) => SUGGESTIONS.includes(mark.type.name))?.attrs.id;

/** @type {(state: EditorState) => string | null} */
function under(state) {
  const { $from } = state.selection;
  const near = idAt(state.selection.node) ?? idAt($from.nodeAfter) ?? idAt($from.nodeBefore);
  if (near) return near;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const id = idAt($from.node(depth));
    if (id) return id;
  }
  return null;
}

/** @type {(look: Look) => HTMLElement} */
function square({ hue, initials }) {
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.dataset.hue = hue;
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = initials;
  return mark;
}

/** @type {(state: EditorState, attribution: Attribution | null) => DecorationSet} */
function draw(state, attribution) {
  const id = chosen(state);
  /** @type {Decoration[]} */
  const found = [];
  for (const one of listSuggestions(state.doc)) {
    const look = attribution?.of(one.id, one.kind);
    if (!look) continue;
    const key = `${one.id} ${look.hue} ${look.initials}`;
    if (one.inLine) found.push(Decoration.widget(one.to, () => square(look), { key, side: -1, marks: [] }));
    for (const { from, to, mark, inline } of one.places) {
      /** @type {import("@tiptap/pm/view").DecorationAttrs} */
      const attributes = { class: one.id === id ? "is-chosen" : "" };
      if (inline && one.id === id) found.push(Decoration.inline(from, to, attributes));
      if (inline) continue;
      Object.assign(attributes, { "data-suggested": mark, "data-hue": look.hue, title: look.words });
      found.push(Decoration.node(from, to, attributes));
    }
  }
  return DecorationSet.create(state.doc, found);
}

/** @type {(editor: Editor) => Plugin} */
export function decorations(editor) {
  return new Plugin({
    key: chosenKey,
    state: {
      init: () => /** @type {string | null} */ (null),
      apply: (tr, value, _old, state) => (tr.docChanged || tr.selectionSet ? under(state) : value),
    },
    props: {
      decorations(state) {
        const attribution = editor.storage.suggestMode?.attribution;
        const known = drawn.get(state.doc);
        if (known?.chosen === chosen(state) && known.version === attribution?.version) return known.set;
        const set = draw(state, attribution);
        drawn.set(state.doc, { set, chosen: chosen(state), version: attribution?.version });
        return set;
      },
    },
  });
}

/** @type {WeakMap<Node, { set: DecorationSet, chosen: string | null, version?: number }>} */
const drawn = new WeakMap();
