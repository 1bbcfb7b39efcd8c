// @ts-check
/* Recovery after a refused write. The page then shows what the server has; what was written here and not
   accepted is compared with the last saved state, and put back as a suggestion or offered to be copied. */
import { Slice } from "@tiptap/pm/model";
import { replaceStep } from "@tiptap/pm/transform";

import { ANCHOR } from "../suggestions/resolve.js";

/** @import { Editor } from "@tiptap/core" */
/** @import { Node, Schema } from "@tiptap/pm/model" */

/**
 * What `doc` has beyond `clean`: `slice`, with its words, in place of `from` to `to` of `clean`.
 * @typedef {{ doc: Node, clean: Node, from: number, to: number, slice: Slice, words: string }} Loss
 */

/**
 * @param {{ clean: Node | null, doc: Node }} documents
 * @returns {Loss | { doc: Node, clean?: undefined, words?: undefined }}
 */
export function lost({ clean, doc }) {
  const from = clean?.content.findDiffStart(doc.content) ?? null;
  const ends = clean?.content.findDiffEnd(doc.content);
  if (!clean || from === null || !ends) return { doc };
  let { a, b } = ends;
  const lacking = from - Math.min(a, b);
  if (lacking > 0) [a, b] = [a + lacking, b + lacking];
  const words = doc.textBetween(from, b, "\n", " ").replaceAll(ANCHOR, "").trim();
  return { doc, clean, from, to: a, slice: doc.slice(from, b), words };
}

/** The document in the schema of another editor than the one that it was written in.
    @type {(schema: Schema, doc: Node) => Node} */
export const inSchema = (schema, doc) => schema.nodeFromJSON(doc.toJSON());

/**
 * Suggest it again if the text has not changed. Returns whether it did.
 * @type {(editor: Editor, loss: ReturnType<typeof lost>) => boolean}
 */
export function putBack(editor, loss) {
  if (!loss.clean) return false;
  const { clean, from, to, slice } = loss;
  const { doc, schema, tr } = editor.state;
  if (!inSchema(schema, clean).eq(doc)) return false;
  // The editor that it was written in is gone, and its schema with it.
  const step = replaceStep(doc, from, to, Slice.fromJSON(schema, slice.toJSON()));
  if (!step || tr.maybeStep(step).failed) return false;
  editor.commands.suggest(true);
  editor.view.dispatch(tr);
  return editor.state.doc !== doc;
}
