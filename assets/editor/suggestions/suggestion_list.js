// @ts-check
/* The open suggestions of a document in text order, one entry per id, with their positions: the same list
   as the server's (documents/drafts/live/suggestions.py). */
import { readId } from "./suggestion_ids.js";
import { SUGGESTIONS } from "./marks.js";
import { ANCHOR } from "./resolve.js";

/** @import { Mark, Node } from "@tiptap/pm/model" */
/** @import { Place } from "../types" */

/**
 * A mark in a block, at positions inside it. `line`: the node whose words it is in.
 * @typedef {Place & { id: string, mark: SuggestionMark, words: string, line: Node, inline: boolean,
 *   changes: Mark["attrs"][] }} Marked
 * @typedef {"insertion" | "deletion" | "modification"} SuggestionMark
 * @typedef {Place & { mark: SuggestionMark, inline: boolean }} MarkPlace
 *
 * `line`: that of the last of the words.
 * @typedef {{ words: string[], line?: Node }} Pieces
 * @typedef {{ id: string, places: MarkPlace[], changes: Mark["attrs"][] } & Record<SuggestionMark, Pieces>} Entry
 *
 * One open suggestion. `kind`: insert, delete, replace, format or paragraph (only a border of paragraphs changes);
 * `inLine`: its last mark ends inside a line.
 * @typedef {Place & { id: string, person: string | null, organisation: string | null, at: Date | null, kind: string,
 *   before: string, after: string, places: MarkPlace[], changes: Mark["attrs"][], inLine: boolean }} Suggestion
 */

/** @type {WeakMap<Node, Marked[]>} */
const cache = new WeakMap(); // a block of the root → what is marked in it, at positions inside it

/** @type {(doc: Node) => Suggestion[]} */
export function listSuggestions(doc) {
  /** @type {Map<string, Entry>} */
  const found = new Map();
  doc.forEach((block, offset) => {
    for (const one of markedIn(block)) {
      const { id, mark, words, line, inline, changes } = one;
      const entry = found.get(id) ?? newEntry(id);
      found.set(id, entry);
      entry.changes.push(...changes);
      entry.places.push({ from: offset + one.from, to: offset + one.to, mark, inline });
      const pieces = entry[mark];
      if (pieces.words.length && pieces.line !== line) pieces.words.push("\n");
      pieces.words.push(words);
      pieces.line = line;
    }
  });
  return [...found.values()].map(told);
}

/** @type {(id: string) => Entry} */
const newEntry = (id) => ({
  id,
  places: [],
  changes: [],
  insertion: { words: [] },
  deletion: { words: [] },
  modification: { words: [] },
});

/** @type {(entry: Entry) => Suggestion} */
function told({ id, places, changes, insertion, deletion, modification }) {
  const inserted = joined(insertion);
  const deleted = joined(deletion);
  const shown = { before: deleted, after: inserted, kind: "insert" };
  if (modification.words.length && !insertion.words.length && !deletion.words.length) {
    shown.kind = "format";
    shown.before = joined(modification);
    shown.after = shown.before;
  } else if (!deleted && !inserted) shown.kind = "paragraph";
  else if (deleted === inserted) shown.kind = "format";
  else if (deleted && inserted) shown.kind = "replace";
  else if (deleted) shown.kind = "delete";
  const [first, last] = [places[0], places[places.length - 1]];
  const place = { from: first.from, to: last.to, places, changes, inLine: last.inline };
  return { id, ...place, ...(readId(id) ?? { person: null, organisation: null, at: null }), ...shown };
}

/** @type {(pieces: Pieces) => string} */
const joined = ({ words }) =>
  words
    .join("")
    .replaceAll(ANCHOR, "")
    .replace(/^\n+|\n+$/g, "");

/** @type {(block: Node) => Marked[]} */
function markedIn(block) {
  const known = cache.get(block);
  if (known) return known;
  /** @type {Marked[]} */
  const found = [];
  note(block, 0, block, found);
  block.descendants((node, pos, parent) => note(node, pos + 1, node.isText && parent ? parent : node, found));
  cache.set(block, found);
  return found;
}

/**
 * Several attributes of one node changed by one suggestion are several marks and one entry.
 * @type {(mark: Mark, index: number, marks: readonly Mark[]) => boolean}
 */
const isRepeated = (mark, index, marks) =>
  marks.findIndex((one) => one.type === mark.type && one.attrs.id === mark.attrs.id) < index;

/** @type {(node: Node, from: number, line: Node, found: Marked[]) => void} */
function note(node, from, line, found) {
  for (const [index, mark] of node.marks.entries()) {
    if (!SUGGESTIONS.includes(mark.type.name) || isRepeated(mark, index, node.marks)) continue;
    const to = from + node.nodeSize;
    const same = node.marks.filter((one) => one.type === mark.type && one.attrs.id === mark.attrs.id);
    const changes = mark.type.name === "modification" ? same.map(({ attrs }) => attrs) : [];
    const shown = { words: wordsIn(node), line, from, to, inline: node.isInline, changes };
    const name = /** @type {SuggestionMark} */ (mark.type.name);
    found.push({ id: mark.attrs.id, mark: name, ...shown });
  }
}

/**
 * The visible text of a node; of an atomic node its attributes.
 * @type {(node: Node) => string}
 */
function wordsIn(node) {
  const { attrs } = node;
  switch (node.type.name) {
    case "text":
      return node.text ?? "";
    case "fact":
      return attrs.words;
    case "gap":
      return attrs.value || `[${attrs.name}]`;
    case "footnote":
      return `[${attrs.text}]`;
    case "picture":
      return `[${attrs.alt || attrs.caption}]`;
    default: {
      /** @type {string[]} */
      const lines = [];
      node.forEach((child) => lines.push(wordsIn(child)));
      return lines.join(node.isTextblock ? "" : "\n");
    }
  }
}
