/* Small texts to test with, in the editor's schema, and people who write in them. */
import { getSchema } from "@tiptap/core";
import { Node } from "@tiptap/pm/model";
import { EditorState, TextSelection } from "@tiptap/pm/state";

import { atoms } from "../../assets/editor/atoms.js";
import { textSchema } from "../../assets/editor/schema.js";

export const schema = getSchema([...textSchema, ...atoms({ files: [], labels: {} })]);

export const ANNA = {
  person: "0190a000-0000-7000-8000-00000000000a",
  organisation: "0190a000-0000-7000-8000-0000000000aa",
};
export const BOLAT = {
  person: "0190b000-0000-7000-8000-00000000000b",
  organisation: "0190b000-0000-7000-8000-0000000000bb",
};
export const idOf = ({ person, organisation }, number = 1) =>
  `${person}.${organisation}.lx0000.${number.toString(36)}`;

export const words = (text, ...marks) => (marks.length ? { type: "text", text, marks } : { type: "text", text });
export const mark = (type, id, more = {}) => ({ type, attrs: { id, ...more } });
export const paragraph = (...content) => ({ type: "paragraph", content });
export const marked = (node, ...marks) => ({ ...node, marks });

export function text(...blocks) {
  return Node.fromJSON(schema, {
    type: "doc",
    content: [
      { type: "title", content: [words("Тақырып")] },
      { type: "lead", content: [words("Кіріспе")] },
      ...blocks,
    ],
  });
}

export const stateOf = (doc, from = 0, to = from) =>
  EditorState.create({ doc, selection: TextSelection.between(doc.resolve(from), doc.resolve(to)) });

/** The position of the words in the document, where they begin or, with `end`, where they end. */
export function at(doc, wanted, end = false) {
  let found = -1;
  doc.descendants((node, pos) => {
    const place = node.isText && found < 0 ? node.text.indexOf(wanted) : -1;
    if (place >= 0) found = pos + place + (end ? wanted.length : 0);
  });
  if (found < 0) throw new Error(`no ${wanted} in ${doc}`);
  return found;
}
