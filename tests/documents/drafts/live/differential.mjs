/* Prints, for the test beside it: texts with suggestions, made at random as the editor makes them, each with
   its shared document and with what comes of it when all suggestions are accepted or rejected, by the library
   that makes suggestions and by the editor's own commands; and the texts of shared documents from stdin. */
import { readFileSync } from "node:fs";

import {
  applySuggestions,
  revertSuggestions,
  transformToSuggestionTransaction,
} from "@handlewithcare/prosemirror-suggest-changes";
import { Node } from "@tiptap/pm/model";
import { EditorState, TextSelection } from "@tiptap/pm/state";
import { prosemirrorToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import * as Y from "yjs";

import { keepTitleAndLead } from "../../../../assets/editor/title_and_lead.js";
import { listSuggestions } from "../../../../assets/editor/suggestions/suggestion_list.js";
import { resolved } from "../../../../assets/editor/suggestions/resolve.js";
import { toSuggestion } from "../../../../assets/editor/suggestions/to_suggestion.js";
import { normalizeEdit } from "../../../../assets/editor/suggestions/normalize.js";
import { ANNA, BOLAT, mark, marked, paragraph, schema, stateOf, text, words } from "../../../editor/texts.mjs";

function random(seed) {
  let value = seed;
  return (below) => {
    value = (value * 1103515245 + 12345) % 2147483648;
    return Math.floor((value / 2147483648) * below);
  };
}

const item = (said) => ({ type: "listItem", content: [paragraph(words(said))] });

/* Without spaces: the library eats one beside what it takes out. */
const long = (...more) =>
  text(
    paragraph(words("Біз,_он_екі_ұйым,_"), words("сотқа", { type: "bold" }), words("_жетпеген_адамдармен.")),
    { type: "heading", attrs: { level: 2 }, content: [words("Ұсыныс🌷")] },
    { type: "bulletList", content: [item("бір"), item("екі🌷"), item("үш")] },
    paragraph(words("Заң_оларды_"), { type: "footnote", attrs: { text: "Дерек" } }, words("көрмеді.")),
    { type: "blockquote", content: [paragraph(words("Сөз_бір.")), paragraph(words("Сөз_екі."))] },
    ...more,
    paragraph(words("Соңғы_сөз.")),
  );

const cell = (said) => ({ type: "tableCell", content: [paragraph(words(said))] });
const table = { type: "table", content: [{ type: "tableRow", content: [cell("а"), cell("б")] }] };

/* A place in a line of words near the position, not inside of a letter. */
function near(doc, pos) {
  const place = TextSelection.near(doc.resolve(Math.min(pos, doc.content.size))).from;
  return /[\ud800-\udbff]$/.test(doc.resolve(place).nodeBefore?.text ?? "") ? place - 1 : place;
}

function anEdit({ doc, tr }, pick) {
  const heads = doc.child(0).nodeSize + doc.child(1).nodeSize;
  const from = near(doc, heads + pick(doc.content.size - heads));
  const to = near(doc, from + pick(20));
  const kind = pick(10);
  try {
    if (kind < 3) return tr.insertText(["қ", "сөз_", "🌷"][pick(3)], from);
    if (kind < 6) return tr.deleteRange(from, to);
    if (kind === 6) return tr.split(from);
    if (kind === 7) return tr.addMark(from, to, schema.marks.bold.create());
    if (kind === 8) return tr.setBlockType(from, from, schema.nodes.heading, { level: 2 + pick(3) });
    return tr.join(doc.resolve(from).before());
  } catch {
    return tr;
  }
}

function grown(doc, steps, step) {
  let made = doc;
  for (let number = 0; number < steps; number += 1) {
    try {
      const next = step(stateOf(made), number);
      next?.doc.check();
      made = next?.doc ?? made;
    } catch (fault) {
      // The library gives up on some edits; the text stays as it was.
      if (!(fault instanceof Error)) throw fault;
    }
  }
  return made;
}

function byLibrary(command, doc) {
  let made = doc;
  try {
    command(EditorState.create({ doc }), (tr) => {
      made = tr.doc;
    });
  } catch {
    return null; // it cannot take back some changes of marks
  }
  return made.toJSON();
}

function told(doc, library) {
  const shared = new Y.Doc();
  prosemirrorToYXmlFragment(doc, shared.getXmlFragment("text"));
  return {
    marked: doc.toJSON(),
    update: Buffer.from(Y.encodeStateAsUpdate(shared)).toString("base64"),
    listed: listSuggestions(doc).map(({ id, kind, before, after, person }) => ({ id, kind, before, after, person })),
    editor: [resolved(doc, true).toJSON(), resolved(doc, false).toJSON()],
    library: library ? [byLibrary(applySuggestions, doc), byLibrary(revertSuggestions, doc)] : [],
  };
}

const id = (number) => `${ANNA.person}.${ANNA.organisation}.lx0000.${number.toString(36)}`;

function* madeByLibrary(count) {
  for (let seed = 1; seed <= count; seed += 1) {
    const pick = random(seed * 7919);
    const doc = grown(long(), 1 + pick(10), (state, number) =>
      transformToSuggestionTransaction(anEdit(state, pick), state, () => id(number)),
    );
    yield told(doc, true);
  }
}

function* madeByEditor(count) {
  for (let seed = 1; seed <= count; seed += 1) {
    const pick = random(seed * 104729);
    const doc = grown(long(table), 2 + pick(14), (state) =>
      toSuggestion(keepTitleAndLead(anEdit(state, pick), state), state, [ANNA, BOLAT][pick(2)]),
    );
    yield told(doc, false);
  }
}

/* Edits one after another: Anna writes directly, Bolat suggests; what the server is asked about. */
function* edits(count) {
  for (let seed = 1; seed <= count; seed += 1) {
    const pick = random(seed * 32452843);
    const made = [];
    grown(long(table), 12, (state) => {
      const suggests = pick(2) === 1;
      let tr = keepTitleAndLead(anEdit(state, pick), state);
      if (!tr.docChanged) return null;
      if (suggests) tr = toSuggestion(tr, state, BOLAT);
      else normalizeEdit(tr, state.doc, ANNA);
      if (tr) made.push({ before: state.doc.toJSON(), after: tr.doc.toJSON(), suggests });
      return tr;
    });
    yield made;
  }
}

/* Marks where no editor would put them: another's browser may. */
function* madeByNobody(count) {
  for (let seed = 1; seed <= count; seed += 1) {
    const pick = random(seed * 15485863);
    const { tr } = stateOf(long(table));
    tr.doc.descendants((node, pos) => {
      if (pick(4) || node.type.name === "title" || node.type.name === "lead") return;
      const one = schema.mark(["insertion", "deletion"][pick(2)], { id: id(pick(3)) });
      if (node.isInline) tr.addMark(pos, pos + node.nodeSize, one);
      else tr.addNodeMark(pos, one);
    });
    yield told(tr.doc, false);
  }
}

const input = JSON.parse(readFileSync(0, "utf8"));
const read = input.updates.map((update) => {
  const shared = new Y.Doc();
  Y.applyUpdate(shared, Buffer.from(update, "base64"));
  return yXmlFragmentToProseMirrorRootNode(shared.getXmlFragment("text"), schema).toJSON();
});
const keys = [
  mark("modification", id(1), { type: "attr", attrName: "level", previousValue: 2, newValue: 3 }),
  mark("comment", "0190a000-0000-7000-8000-000000000009"),
].map((one) => {
  const shared = new Y.Doc();
  const doc = Node.fromJSON(schema, text(marked(paragraph(words("а")), ...(one.type === "comment" ? [] : [one]))).toJSON());
  const said = one.type === "comment" ? text(paragraph(words("а", one))) : doc;
  prosemirrorToYXmlFragment(said, shared.getXmlFragment("text"));
  const block = shared.getXmlFragment("text").get(2);
  const there = one.type === "comment" ? block.get(0).toDelta()[0].attributes : block.getAttributes();
  return [one, Object.keys(there).at(-1)];
});
process.stdout.write(
  JSON.stringify({
    read,
    keys,
    library: [...madeByLibrary(input.count)],
    editor: [...madeByEditor(input.count)],
    nobody: [...madeByNobody(input.count)],
    edits: [...edits(input.count / 3)].flat(),
  }),
);
