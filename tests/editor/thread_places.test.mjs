/* Where threads of comments stand in a text: at their marks, at a position of their own, or where their words
   are said. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { EditorState } from "@tiptap/pm/state";

import { placesKey, threadPlaces, wordsOf } from "../../assets/editor/thread_places.js";
import { ANNA, at, idOf, mark, paragraph, text, words } from "./texts.mjs";

const [FIRST, OTHER] = ["0190c000-0000-7000-8000-000000000001", "0190c000-0000-7000-8000-000000000002"];

function opened(doc, threads, absolute = () => null) {
  const comments = { context: { positions: { absolute } }, mark() {}, open() {}, look() {} };
  const state = EditorState.create({ doc, plugins: [threadPlaces(comments)] });
  return state.apply(state.tr.setMeta(placesKey, { threads }));
}

const placesOf = (state) => placesKey.getState(state).places;
const said = (state, id) => placesOf(state).get(id)?.map(({ from, to }) => state.doc.textBetween(from, to));
const shared = (id) => ({ id, narrow: false, position: null, quote: "" });

test("a thread for the workspace stands at its mark, which suggestions cut into pieces", () => {
  const insertion = mark("insertion", idOf(ANNA));
  const doc = text(
    paragraph(words("Заң "), words("оларды", mark("comment", FIRST)), words(" анық", insertion, mark("comment", FIRST))),
    paragraph(words("көрмеді", mark("comment", FIRST))),
  );
  assert.deepEqual(said(opened(doc, [shared(FIRST)]), FIRST), ["оларды анық", "көрмеді"]);
});

test("only threads that the panel shows are drawn", () => {
  const doc = text(paragraph(words("Заң", mark("comment", FIRST)), words(" оларды", mark("comment", OTHER))));
  assert.deepEqual([...placesOf(opened(doc, [shared(OTHER)])).keys()], [OTHER]);
});

test("of threads that overlap the one with the fewest words is meant", () => {
  const both = [mark("comment", FIRST), mark("comment", OTHER)];
  const doc = text(paragraph(words("Заң ", both[0]), words("оларды", ...both), words(" көрмеді", both[0])));
  const places = placesKey.getState(opened(doc, [shared(FIRST), shared(OTHER)]));
  assert.equal(places.at(at(doc, "оларды") + 2), OTHER);
  assert.equal(places.at(at(doc, "көрмеді") + 2), FIRST);
  assert.equal(places.at(at(doc, "Тақырып") + 2), "");
});

test("a narrow thread stands at its position, and follows the text", () => {
  const doc = text(paragraph(words("Заң оларды көрмеді")));
  const find = (now) => ({ from: at(now, "оларды"), to: at(now, "оларды", true) });
  let state = null;
  const absolute = () => find(state?.doc ?? doc);
  state = opened(doc, [{ id: FIRST, narrow: true, position: [{}, {}], quote: "оларды" }], absolute);
  assert.deepEqual(said(state, FIRST), ["оларды"]);
});

test("one without a place stands where its words are said, or nowhere when they are gone", () => {
  const thread = (quote) => ({ id: FIRST, narrow: true, position: null, quote });
  const doc = text(paragraph(words("Заң "), words("оларды", { type: "bold" }), words(" көрмеді")));
  assert.deepEqual(said(opened(doc, [thread("Заң оларды")]), FIRST), ["Заң оларды"]);
  assert.deepEqual(said(opened(doc, [thread("оларды көр…")]), FIRST), ["оларды көр"]);
  assert.equal(said(opened(doc, [thread("бізді")]), FIRST), undefined);
  assert.equal(said(opened(doc, [thread("")]), FIRST), undefined);
});

test("words that are written meanwhile do not move a thread to others", () => {
  const doc = text(paragraph(words("Заң "), words("оларды", mark("comment", FIRST)), words(" көрмеді")));
  const state = opened(doc, [shared(FIRST)]);
  const later = state.apply(state.tr.insertText("Ескі ", at(doc, "Заң")));
  assert.deepEqual(said(later, FIRST), ["оларды"]);
  const gone = later.apply(later.tr.delete(at(later.doc, "оларды"), at(later.doc, "оларды", true)));
  assert.equal(said(gone, FIRST), undefined);
});

test("what is quoted is plain words in one line, not too many", () => {
  const doc = text(paragraph(words("Бір\u200b сөз")), paragraph(words("екінші")));
  assert.equal(wordsOf(doc, at(doc, "Бір"), at(doc, "екінші", true)), "Бір сөз екінші");
  const long = text(paragraph(words("ә".repeat(700))));
  const quoted = wordsOf(long, at(long, "ә"), long.content.size - 1);
  assert.equal(quoted.length, 500);
  assert.ok(quoted.endsWith("…"));
});
