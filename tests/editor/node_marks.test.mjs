/* Marks on blocks and on what stands whole in a line survive the shared document: synced, undone, changed
   by two at once. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { initProseMirrorDoc, updateYFragment, ySyncPluginKey } from "@tiptap/y-tiptap";
import { EditorState } from "@tiptap/pm/state";
import * as Y from "yjs";

import { withNodeMarks } from "../../assets/node_marks.mjs";
import { ANNA, BOLAT, at, idOf, mark, marked, paragraph, schema, text, words } from "./texts.mjs";

const footnote = (...marks) => marked({ type: "footnote", attrs: { text: "Дерек 🌷" } }, ...marks);
const bold = { type: "bold" };

/* One person's replica: the shared document, and ProseMirror's view of it. */
class Replica {
  constructor() {
    this.doc = new Y.Doc();
    this.fragment = this.doc.getXmlFragment("text");
    this.undo = new Y.UndoManager(this.fragment, { trackedOrigins: new Set([ySyncPluginKey]), captureTimeout: 0 });
  }

  read() {
    const { doc, meta } = initProseMirrorDoc(this.fragment, schema);
    this.meta = meta;
    return doc;
  }

  write(pmDoc) {
    if (!this.meta) this.read();
    this.doc.transact(() => updateYFragment(this.doc, this.fragment, pmDoc, this.meta), ySyncPluginKey);
  }

  edit(change) {
    const { tr } = stateLike(this.read());
    change(tr);
    this.write(tr.doc);
  }
}


const stateLike = (doc) => EditorState.create({ doc });

/* Marks that may stand twice come in the order of their hashes. */
function inOrder(node) {
  const marks = node.marks?.toSorted((one, other) => JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
  return JSON.parse(JSON.stringify({ ...node, marks, content: node.content?.map(inOrder) }));
}

function sync(one, other) {
  const [from, to] = [Y.encodeStateAsUpdate(one.doc), Y.encodeStateAsUpdate(other.doc)];
  Y.applyUpdate(other.doc, from);
  Y.applyUpdate(one.doc, to);
}

function pair(doc) {
  const [anna, bolat] = [new Replica(), new Replica()];
  anna.write(doc);
  sync(anna, bolat);
  return [anna, bolat];
}

test("marks on blocks and on what stands in a line arrive", () => {
  const doc = text(
    marked(paragraph(words("Жаңа абзац")), mark("insertion", idOf(ANNA))),
    paragraph(words("Сөз"), footnote(bold, mark("deletion", idOf(BOLAT))), words(".")),
    marked(
      { type: "quotation", attrs: { speaker: "Б", role: "" }, content: [paragraph(words("Айтты"))] },
      mark("modification", idOf(ANNA, 2), { type: "attr", attrName: "speaker", previousValue: "А", newValue: "Б" }),
      mark("modification", idOf(BOLAT, 3), { type: "attr", attrName: "role", previousValue: "төраға", newValue: "" }),
    ),
    {
      type: "bulletList",
      content: [marked({ type: "listItem", content: [paragraph(words("бір"))] }, mark("insertion", idOf(BOLAT, 4)))],
    },
  );
  const [, bolat] = pair(doc);
  assert.deepEqual(inOrder(bolat.read().toJSON()), inOrder(doc.toJSON()));
  bolat.read().check();
});

test("text inside a marked block is edited without writing its marks again", () => {
  const [anna, bolat] = pair(text(marked(paragraph(words("Сөз")), mark("insertion", idOf(ANNA)))));
  const before = Y.encodeStateVector(bolat.doc);
  bolat.edit((tr) => tr.insertText("дер", at(tr.doc, "Сөз", true)));
  const update = Y.decodeUpdate(Y.encodeStateAsUpdate(bolat.doc, before));
  assert.equal(update.structs.length, 1);
  sync(anna, bolat);
  assert.equal(anna.read().child(2).textContent, "Сөздер");
  assert.equal(anna.read().child(2).marks.length, 1);
});

test("a mark goes when it is taken off, and comes back with undo", () => {
  const insertion = mark("insertion", idOf(ANNA));
  const [anna, bolat] = pair(text(marked(paragraph(words("Сөз"), footnote(bold)), insertion)));
  const place = at(anna.read(), "Сөз") - 1;
  bolat.edit((tr) => tr.removeNodeMark(place, schema.marks.insertion));
  sync(anna, bolat);
  assert.equal(anna.read().child(2).marks.length, 0);
  bolat.undo.undo();
  sync(anna, bolat);
  assert.equal(anna.read().child(2).marks[0].attrs.id, insertion.attrs.id);
  bolat.undo.redo();
  sync(anna, bolat);
  assert.equal(anna.read().child(2).marks.length, 0);
  assert.equal(anna.read().child(2).lastChild.marks[0].type.name, "bold");
});

test("two people mark at once and agree", () => {
  const [anna, bolat] = pair(text(paragraph(words("Бір")), paragraph(words("Екі"), footnote())));
  const [first, second] = [at(anna.read(), "Бір") - 1, at(anna.read(), "Екі") - 1];
  anna.edit((tr) => tr.addNodeMark(first, schema.marks.deletion.create({ id: idOf(ANNA) })));
  anna.edit((tr) => tr.addNodeMark(second, schema.marks.deletion.create({ id: idOf(ANNA, 2) })));
  bolat.edit((tr) => tr.addNodeMark(first, schema.marks.deletion.create({ id: idOf(BOLAT) })));
  bolat.edit((tr) => tr.insertText("нші", at(tr.doc, "Екі", true)));
  sync(anna, bolat);
  assert.deepEqual(anna.read().toJSON(), bolat.read().toJSON());
  const [, , one, two] = anna.read().content.content;
  assert.equal(one.marks.length, 1);
  assert.equal(two.marks[0].attrs.id, idOf(ANNA, 2));
  assert.equal(two.textContent, "Екінші");
});

test("what one inserted while another suggested to delete around it carries both marks", () => {
  const [anna, bolat] = pair(text(paragraph(words("жиырма бес үкім"))));
  const doc = anna.read();
  anna.edit((tr) =>
    tr.addMark(at(doc, "жиырма"), at(doc, "үкім", true), schema.marks.deletion.create({ id: idOf(ANNA) })),
  );
  bolat.edit((tr) =>
    tr.insert(at(doc, "бес", true), schema.text(" айыптау", [schema.marks.insertion.create({ id: idOf(BOLAT) })])),
  );
  sync(anna, bolat);
  assert.deepEqual(anna.read().toJSON(), bolat.read().toJSON());
  anna.read().check();
  const names = [];
  anna.read().descendants((node) => {
    if (node.text?.includes("айыптау")) names.push(...node.marks.map((one) => one.type.name));
  });
  assert.ok(names.includes("insertion"));
});

test("a y-tiptap that has changed is noticed", () => {
  assert.throws(() => withNodeMarks("const something = else;"), /y-tiptap has changed/);
});
