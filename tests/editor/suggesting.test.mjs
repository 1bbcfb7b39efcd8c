/* Edits become suggestions: with all of them rejected the words stay, others' suggestions are not touched,
   new ones carry this person's name only. What the server would refuse must not be made. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { TextSelection } from "@tiptap/pm/state";

import { keepTitleAndLead } from "../../assets/editor/title_and_lead.js";
import { listSuggestions } from "../../assets/editor/suggestions/suggestion_list.js";
import { resolve, resolved } from "../../assets/editor/suggestions/resolve.js";
import { toSuggestion } from "../../assets/editor/suggestions/to_suggestion.js";
import { ANNA, BOLAT, at, idOf, mark, marked, paragraph, schema, stateOf, text, words } from "./texts.mjs";

const flat = (doc) => doc.textBetween(0, doc.content.size, "|", "*").replaceAll("\u200b", "");
const rejectedOf = (doc) => resolved(doc, false);
const acceptedOf = (doc) => resolved(doc, true);

/** The document after somebody did this in suggest mode. */
function after(doc, me, change, from = 0, to = from) {
  const state = stateOf(doc, from, to);
  const tr = toSuggestion(keepTitleAndLead(change(state.tr), state), state, me);
  tr.doc.check();
  return tr.doc;
}

const plainText = () => text(paragraph(words("Заң оларды көрмеді.")));

test("typed words are an insertion, deleted ones a deletion, both under one id", () => {
  const doc = plainText();
  const [from, to] = [at(doc, "оларды"), at(doc, "оларды", true)];
  const made = after(doc, ANNA, (tr) => tr.insertText("бізді", from, to));
  assert.equal(flat(rejectedOf(made)), flat(doc));
  assert.equal(flat(acceptedOf(made)), "Тақырып|Кіріспе|Заң бізді көрмеді.");
  const [one, ...none] = listSuggestions(made);
  assert.deepEqual(none, []);
  assert.deepEqual([one.kind, one.before, one.after, one.person], ["replace", "оларды", "бізді", ANNA.person]);
});

test("the cursor stands behind words that took the place of others, also where the editor had not heard of their selection", () => {
  const doc = plainText();
  const [from, to] = [at(doc, "оларды"), at(doc, "оларды", true)];
  // Selected; with the cursor behind them, as when a selection is quicker than its event; away, as spelling is mended.
  for (const [anchor, head] of [[from, to], [to, to], [1, 1]]) {
    const state = stateOf(doc, anchor, head);
    const typed = state.tr.insertText("б", from, to);
    const made = toSuggestion(typed.setSelection(TextSelection.create(typed.doc, from + 1)), state, ANNA);
    assert.equal(made.selection.head, at(made.doc, "б", true));
    assert.ok(made.selection.empty);
  }
});

test("words beside another person's suggestion are this person's own", () => {
  const theirs = text(paragraph(words("Заң "), words("енді ", mark("insertion", idOf(BOLAT))), words("көрмеді.")));
  const made = after(theirs, ANNA, (tr) => tr.insertText("бізді ", at(tr.doc, "көрмеді")));
  assert.deepEqual(listSuggestions(made).map((one) => [one.person, one.after]), [
    [BOLAT.person, "енді "],
    [ANNA.person, "бізді "],
  ]);
});

test("another person's insertion is not taken out but suggested for deletion", () => {
  const theirs = text(paragraph(words("Заң "), words("енді ", mark("insertion", idOf(BOLAT))), words("көрмеді.")));
  const made = after(theirs, ANNA, (tr) => tr.delete(at(tr.doc, "Заң"), at(tr.doc, "көрмеді")));
  assert.equal(flat(rejectedOf(made)), flat(rejectedOf(theirs)));
  assert.equal(flat(acceptedOf(made)), "Тақырып|Кіріспе|көрмеді.");
  assert.equal(listSuggestions(made).find((one) => one.person === BOLAT.person).after, "енді ");
});

test("another person's deletion stays theirs", () => {
  const theirs = text(paragraph(words("Заң "), words("енді ", mark("deletion", idOf(BOLAT))), words("көрмеді.")));
  const made = after(theirs, ANNA, (tr) => tr.delete(at(tr.doc, "Заң"), at(tr.doc, "көрмеді")));
  const [anna, bolat] = [ANNA, BOLAT].map((who) => listSuggestions(made).find((one) => one.person === who.person));
  assert.deepEqual([anna.before, bolat.before], ["Заң ", "енді "]);
});

test("this person's own insertion is taken out when it is deleted", () => {
  const own = text(paragraph(words("Заң "), words("енді ", mark("insertion", idOf(ANNA))), words("көрмеді.")));
  const made = after(own, ANNA, (tr) => tr.delete(at(tr.doc, "енді"), at(tr.doc, "көрмеді")));
  assert.equal(listSuggestions(made).length, 0);
  assert.equal(flat(made), "Тақырып|Кіріспе|Заң көрмеді.");
});

test("one person for two organisations makes two suggestions", () => {
  const other = { person: ANNA.person, organisation: BOLAT.organisation };
  const own = text(paragraph(words("Заң "), words("енді ", mark("insertion", idOf(other))), words("көрмеді.")));
  const made = after(own, ANNA, (tr) => tr.insertText("бізді ", at(tr.doc, "көрмеді")));
  assert.equal(listSuggestions(made).length, 2);
});

test("a border that was suggested goes when it is taken back, and stays when words beside it change", () => {
  const doc = text(paragraph(words("Бір екі.")));
  const split = after(doc, ANNA, (tr) => tr.split(at(tr.doc, "екі")), at(doc, "екі"));
  const back = after(split, ANNA, (tr) => tr.delete(at(tr.doc, "екі") - 1, at(tr.doc, "екі")), at(split, "екі"));
  assert.equal(flat(back), flat(doc));
  assert.deepEqual(listSuggestions(back), []);
  for (const me of [ANNA, BOLAT]) {
    const end = split.child(0).nodeSize + split.child(1).nodeSize + split.child(2).nodeSize - 1;
    const typed = after(split, me, (tr) => tr.insertText("жарым", end), end);
    assert.equal(flat(rejectedOf(typed)), flat(doc));
    assert.equal(flat(acceptedOf(typed)), "Тақырып|Кіріспе|Бір жарым|екі.");
  }
});

test("a new paragraph, one that goes, and the border between two", () => {
  const doc = text(paragraph(words("Бір.")), paragraph(words("Екі.")), paragraph(words("Үш.")));
  const split = after(doc, ANNA, (tr) => tr.split(at(tr.doc, "кі")), at(doc, "кі"));
  assert.equal(flat(rejectedOf(split)), flat(doc));
  assert.equal(flat(acceptedOf(split)), "Тақырып|Кіріспе|Бір.|Е|кі.|Үш.");
  const joined = after(doc, ANNA, (tr) => tr.join(at(tr.doc, "Екі") - 1), at(doc, "Екі"));
  assert.equal(flat(rejectedOf(joined)), flat(doc));
  assert.equal(flat(acceptedOf(joined)), "Тақырып|Кіріспе|Бір.Екі.|Үш.");
  const pos = at(doc, "Екі") - 1;
  const without = after(doc, ANNA, (tr) => tr.delete(pos, pos + tr.doc.nodeAt(pos).nodeSize));
  assert.equal(flat(rejectedOf(without)), flat(doc));
  assert.equal(flat(acceptedOf(without)), "Тақырып|Кіріспе|Бір.|Үш.");
  const added = after(doc, ANNA, (tr) =>
    tr.insert(pos, schema.nodes.paragraph.create(null, schema.text("Жаңа."))),
  );
  assert.equal(flat(rejectedOf(added)), flat(doc));
  assert.equal(flat(acceptedOf(added)), "Тақырып|Кіріспе|Бір.|Жаңа.|Екі.|Үш.");
});

test("a paragraph becomes a heading, and back, and another level", () => {
  const doc = text(paragraph(words("Біздің ұсыныс")));
  const pos = at(doc, "Біздің");
  const heading = after(doc, ANNA, (tr) => tr.setBlockType(pos, pos, schema.nodes.heading, { level: 3 }), pos);
  assert.equal(rejectedOf(heading).child(2).type.name, "paragraph");
  assert.equal(acceptedOf(heading).child(2).attrs.level, 3);
  assert.deepEqual(listSuggestions(heading).map((one) => [one.kind, one.before]), [["format", "Біздің ұсыныс"]]);
  const back = after(heading, ANNA, (tr) => tr.setBlockType(pos, pos, schema.nodes.paragraph), pos);
  assert.deepEqual(back.toJSON(), doc.toJSON());
  const level = text(marked({ type: "heading", attrs: { level: 3 }, content: [words("Біздің ұсыныс")] }));
  const lower = after(level, ANNA, (tr) => tr.setBlockType(pos, pos, schema.nodes.heading, { level: 4 }), pos);
  assert.equal(rejectedOf(lower).child(2).attrs.level, 3);
  const flatOne = after(lower, ANNA, (tr) => tr.setBlockType(pos, pos, schema.nodes.paragraph), pos);
  assert.deepEqual(rejectedOf(flatOne).child(2).toJSON(), level.child(2).toJSON());
});

test("an attribute of a block, while somebody else has suggested on it", () => {
  const theirs = mark("modification", idOf(BOLAT), {
    type: "attr",
    attrName: "role",
    previousValue: "төраға",
    newValue: "",
  });
  const quotation = { type: "quotation", attrs: { speaker: "А", role: "" }, content: [paragraph(words("Айтты"))] };
  const doc = text(marked(quotation, theirs));
  const pos = at(doc, "Айтты") - 2;
  const made = after(doc, ANNA, (tr) => tr.setNodeMarkup(pos, null, { ...doc.nodeAt(pos).attrs, speaker: "Б" }));
  assert.equal(made.nodeAt(pos).marks.length, 2);
  assert.deepEqual(JSON.parse(JSON.stringify(rejectedOf(made).nodeAt(pos).attrs)), { speaker: "А", role: "төраға" });
});

test("a deletion that runs from the title into the text is several", () => {
  const doc = plainText();
  const [from, to] = [at(doc, "рып"), at(doc, "оларды")];
  const made = after(doc, ANNA, (tr) => tr.deleteSelection(), from, to);
  assert.equal(flat(rejectedOf(made)), flat(doc));
  assert.equal(new Set(listSuggestions(made).map((one) => one.id)).size, 3);
  const accepted = acceptedOf(made);
  assert.equal(flat(accepted), "Тақы||оларды көрмеді.");
  const typed = after(doc, ANNA, (tr) => tr.replaceSelectionWith(schema.text("ы"), false), from, to);
  assert.equal(flat(acceptedOf(typed)), "Тақыы||оларды көрмеді.");
});

test("bold, links and footnotes are suggested", () => {
  const doc = text(paragraph(words("Заң оларды "), { type: "footnote", attrs: { text: "Дерек" } }, words("көрмеді.")));
  const [from, to] = [at(doc, "оларды"), at(doc, "оларды", true)];
  const bold = after(doc, ANNA, (tr) => tr.addMark(from, to, schema.marks.bold.create()));
  assert.deepEqual(rejectedOf(bold).toJSON(), doc.toJSON());
  assert.deepEqual(listSuggestions(bold).map((one) => one.kind), ["format"]);
  const note = schema.nodes.footnote.create({ text: "Жаңа дерек" });
  const put = after(doc, ANNA, (tr) => tr.insert(to, note));
  assert.deepEqual(rejectedOf(put).toJSON(), doc.toJSON());
  const gone = after(doc, ANNA, (tr) => tr.delete(to + 1, to + 2));
  assert.deepEqual(rejectedOf(gone).toJSON(), doc.toJSON());
  assert.equal(flat(acceptedOf(gone)), "Тақырып|Кіріспе|Заң оларды көрмеді.");
});

test("rejecting eats no space and takes no neighbour's words", () => {
  const doc = text(
    paragraph(
      words("Заң "),
      words("енді", mark("insertion", idOf(ANNA))),
      words("ғана", mark("insertion", idOf(BOLAT))),
      words(" көрмеді."),
    ),
  );
  const { tr } = stateOf(doc);
  const only = resolvedOne(tr, idOf(ANNA), false);
  assert.equal(flat(only), "Тақырып|Кіріспе|Заң ғана көрмеді.");
  assert.equal(flat(rejectedOf(doc)), "Тақырып|Кіріспе|Заң  көрмеді.");
});

const resolvedOne = (tr, id, accept) => resolve(tr, { accept, match: (one) => one === id }).doc;

// --- many edits at random ---------------------------------------------------------------------------

function random(seed) {
  let value = seed;
  return (below) => {
    value = (value * 1103515245 + 12345) % 2147483648;
    return Math.floor((value / 2147483648) * below);
  };
}

function anEdit(state, pick) {
  const { doc } = state;
  const { tr } = state;
  const from = pick(doc.content.size);
  const to = Math.min(doc.content.size, from + pick(14));
  const kind = pick(9);
  try {
    if (kind < 3) return tr.insertText(["қ", "сөз ", "🌷"][pick(3)], at1(doc, from));
    if (kind < 6) return tr.deleteRange(at1(doc, from), at1(doc, to));
    if (kind === 6) return tr.split(at1(doc, from));
    if (kind === 7) return tr.addMark(at1(doc, from), at1(doc, to), schema.marks.bold.create());
    return tr.setBlockType(at1(doc, from), at1(doc, from), schema.nodes.heading, { level: 2 + pick(3) });
  } catch {
    return state.tr;
  }
}

/* A place in a line of words near the position. */
function at1(doc, pos) {
  const place = TextSelection.near(doc.resolve(pos)).from;
  const inPair = /[\ud800-\udbff]$/.test(doc.resolve(place).nodeBefore?.text ?? "");
  return inPair ? place - 1 : place;
}

const long = () =>
  text(
    paragraph(words("Біз, он екі ұйым, сотқа жетпеген адамдармен жұмыс істейміз.")),
    { type: "heading", attrs: { level: 2 }, content: [words("Біздің ұсынысымыз")] },
    {
      type: "bulletList",
      content: ["бірінші 🌷", "екінші", "үшінші"].map((one) => ({
        type: "listItem",
        content: [paragraph(words(one))],
      })),
    },
    paragraph(words("Заң оларды "), { type: "footnote", attrs: { text: "Дерек" } }, words("көрмеді.")),
  );

test("whatever two people suggest by turns, the words stand and nobody's suggestion is touched", () => {
  let made = 0;
  let dropped = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    const pick = random(seed * 7919);
    let doc = long();
    const stands = rejectedOf(doc).toJSON();
    for (let step = 0; step < 30; step += 1) {
      const me = [ANNA, BOLAT][pick(2)];
      const state = stateOf(doc);
      const tr = keepTitleAndLead(anEdit(state, pick), state);
      if (!tr.docChanged) continue;
      let next = null;
      try {
        next = toSuggestion(tr, state, me);
      } catch (fault) {
        if (process.env.SHOW) console.error(seed, step, fault);
      }
      if (!next) {
        dropped += 1;
        continue;
      }
      next.doc.check();
      const where = `seed ${seed}, step ${step}, ${JSON.stringify(tr.steps.map((one) => one.toJSON()))}`;
      assert.deepEqual(rejectedOf(next.doc).toJSON(), stands, where);
      doc = next.doc;
      made += 1;
    }
  }
  assert.ok(dropped < made / 50, `${dropped} of ${made + dropped} edits could not be suggested`);
});
