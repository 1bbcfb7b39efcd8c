/* Prints, for the test beside it, whose suggestions browsers show: stdin has one line for each document, a JSON
   list of its updates in base64; for each a line with the ids of all marks of suggestions, as y-tiptap (with our
   marks on nodes, assets/node_marks.mjs) finds them. */
import { createInterface } from "node:readline";

import * as Y from "yjs";

const MARK = "__mark_";
const HASHED = /(.*)(--[a-zA-Z0-9+/=]{8})$/;
const SUGGESTIONS = ["insertion", "deletion", "modification"];

function note(name, attrs, found) {
  if (SUGGESTIONS.includes(HASHED.exec(name)?.[1] ?? name)) found.push(String((attrs && attrs.id) ?? ""));
}

function walk(node, found) {
  if (node instanceof Y.XmlText) {
    for (const { insert, attributes = {} } of node.toDelta()) {
      if (typeof insert !== "string") found.push("embedded");
      for (const name of Object.keys(attributes)) note(name, attributes[name], found);
      for (const name in attributes) note(name, attributes[name], found);
    }
    return;
  }
  if (!(node instanceof Y.XmlFragment)) {
    found.push("stray");
    return;
  }
  if (node instanceof Y.XmlElement) {
    const attrs = node.getAttributes();
    for (const name in attrs) if (name.startsWith(MARK)) note(name.slice(MARK.length), attrs[name], found);
  }
  node.toArray().forEach((child) => walk(child, found));
}

for await (const line of createInterface({ input: process.stdin })) {
  const doc = new Y.Doc();
  const found = [];
  const root = doc.getXmlFragment("text");
  for (const update of JSON.parse(line)) Y.applyUpdate(doc, Buffer.from(update, "base64"));
  walk(root, found);
  console.log(JSON.stringify(found));
}
