/* Words that others approved: where they go in, and what becomes of them when they are pasted elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Fragment, Slice } from "@tiptap/pm/model";
import { NodeSelection, TextSelection } from "@tiptap/pm/state";

import { placeIn } from "../../assets/editor/approved/dialog.js";
import { ordinary } from "../../assets/editor/approved/node_view.js";
import { paragraph, schema, text, words } from "./texts.mjs";

const block = { type: "approvedBlock", attrs: { version: "v", hash: "h" }, content: [paragraph(words("Approved."))] };
const doc = text(paragraph(words("One.")), block, paragraph(words("Two.")));
const placeOf = (number) => {
  let place = 0;
  doc.forEach((_node, pos, index) => {
    if (index === number) place = pos;
  });
  return place;
};

test("they go in behind the block of the cursor, never before the lead", () => {
  assert.equal(placeIn(TextSelection.create(doc, placeOf(2) + 2)), 3);
  assert.equal(placeIn(TextSelection.create(doc, 1)), 2);
  assert.equal(placeIn(NodeSelection.create(doc, placeOf(3))), 4);
});

test("pasted where they stand they keep their frame, elsewhere they are ordinary words", () => {
  const slice = new Slice(Fragment.from(doc.child(3)), 0, 0);
  assert.equal(ordinary(slice, new Set(["v"])), slice);
  const pasted = ordinary(slice, new Set());
  assert.equal(pasted.content.firstChild.type, schema.nodes.paragraph);
  assert.equal(pasted.content.textBetween(0, pasted.content.size), "Approved.");
  const opened = ordinary(new Slice(Fragment.from(doc.child(3)), 2, 2), new Set());
  assert.deepEqual([opened.openStart, opened.openEnd], [1, 1]);
});
