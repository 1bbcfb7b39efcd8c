/* After a refusal the page shows what the server has. What was written here and not taken is held against the
   last state that was saved: it can be put back as a suggestion, or its words can be copied. */
import { Slice } from "@tiptap/pm/model";
import { replaceStep } from "@tiptap/pm/transform";

import { ANCHOR } from "../suggestions/resolve.js";

/** {doc, clean, from, to, slice, words} of what `doc` has beyond `clean`; {doc} if there is nothing. */
export function lost({ clean, doc }) {
  const from = clean?.content.findDiffStart(doc.content) ?? null;
  if (from === null) return { doc };
  let { a, b } = clean.content.findDiffEnd(doc.content);
  const lacking = from - Math.min(a, b);
  if (lacking > 0) [a, b] = [a + lacking, b + lacking];
  const words = doc.textBetween(from, b, "\n", " ").replaceAll(ANCHOR, "").trim();
  return { doc, clean, from, to: a, slice: doc.slice(from, b), words };
}

/** The document in the schema of another editor than the one that it was written in. */
export const inSchema = (schema, doc) => schema.nodeFromJSON(doc.toJSON());

/** Suggests it again, if the text is as it was. Returns whether it did. */
export function putBack(editor, { clean, from, to, slice }) {
  const { doc, schema, tr } = editor.state;
  if (!clean || !inSchema(schema, clean).eq(doc)) return false;
  // The editor that it was written in is gone, and its schema with it.
  const step = replaceStep(doc, from, to, Slice.fromJSON(schema, slice.toJSON()));
  if (!step || tr.maybeStep(step).failed) return false;
  editor.commands.suggest(true);
  editor.view.dispatch(tr);
  return editor.state.doc !== doc;
}
