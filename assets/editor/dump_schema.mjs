// @ts-check
/* Prints the editor's nodes and marks as JSON, for the test that compares them with the canonical form. */
import { getSchema } from "@tiptap/core";

import { atoms } from "./atoms.js";
import { textSchema } from "./schema.js";

/** @import { NodeType } from "@tiptap/pm/model" */

const schema = getSchema([...textSchema, ...atoms({ files: [], labels: { footnote: "", source: "" } })]);
/** @type {(spec: { attrs?: object | null }) => string[]} */
const names = (spec) => Object.keys(spec.attrs ?? {}).sort();

/** Marks that may stand on the node wherever it can be.
    @type {(node: NodeType) => string[]} */
function allowedOn(node) {
  const parents = Object.values(schema.nodes).filter((one) => contained(one).includes(node.name));
  const marks = Object.values(schema.marks);
  return marks.filter((mark) => parents.every((one) => one.allowsMarkType(mark))).map((mark) => mark.name);
}

/** @type {(node: NodeType) => string[]} */
function contained(node) {
  const found = new Set();
  const seen = new Set();
  const open = [node.contentMatch];
  for (let match = open.pop(); match; match = open.pop()) {
    if (seen.has(match)) continue;
    seen.add(match);
    for (let index = 0; index < match.edgeCount; index += 1) {
      found.add(match.edge(index).type.name);
      open.push(match.edge(index).next);
    }
  }
  return [...found].sort();
}

console.log(
  JSON.stringify({
    nodes: Object.fromEntries(
      Object.values(schema.nodes).map((node) => [
        node.name,
        { attrs: names(node.spec), content: contained(node) },
      ]),
    ),
    marked: Object.fromEntries(Object.values(schema.nodes).map((node) => [node.name, allowedOn(node)])),
    marks: Object.fromEntries(Object.values(schema.marks).map((mark) => [mark.name, names(mark.spec)])),
  }),
);
