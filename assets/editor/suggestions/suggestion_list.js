/* The open suggestions of a document in text order, one entry for each id: the same list as the server's
   (documents/editor/live/suggestion_list.py), and where in the document each one stands. */
import { readId } from "./suggestion_ids.js";
import { SUGGESTIONS } from "./marks.js";
import { ANCHOR } from "./resolve.js";

const cache = new WeakMap(); // a block of the root → what is marked in it, at positions inside it

/** [{id, person, organisation, at, kind, before, after, from, to, places, inLine}]; `kind` is insert, delete,
    replace, format or paragraph (only a border of paragraphs changes); `places` are its marks
    [{from, to, mark, inline}], `inLine`: the last of them ends inside a line. */
export function listSuggestions(doc) {
  const found = new Map();
  doc.forEach((block, offset) => {
    for (const one of markedIn(block)) {
      const { id, mark, words, line, inline, changes } = one;
      if (!found.has(id))
        found.set(id, { id, places: [], changes: [], insertion: [], deletion: [], modification: [] });
      const entry = found.get(id);
      entry.changes.push(...changes);
      entry.places.push({ from: offset + one.from, to: offset + one.to, mark, inline });
      const parts = entry[mark];
      if (parts.length && parts.line !== line) parts.push("\n");
      parts.push(words);
      parts.line = line;
    }
  });
  return [...found.values()].map(told);
}

function told({ id, places, changes, insertion, deletion, modification }) {
  const inserted = joined(insertion);
  const deleted = joined(deletion);
  const shown = { before: deleted, after: inserted, kind: "insert" };
  if (modification.length && !insertion.length && !deletion.length) {
    shown.kind = "format";
    shown.before = joined(modification);
    shown.after = shown.before;
  } else if (!deleted && !inserted) shown.kind = "paragraph";
  else if (deleted === inserted) shown.kind = "format";
  else if (deleted && inserted) shown.kind = "replace";
  else if (deleted) shown.kind = "delete";
  const [first, last] = [places[0], places.at(-1)];
  const place = { from: first.from, to: last.to, places, changes, inLine: last.inline };
  return { id, ...place, ...(readId(id) ?? { person: null, organisation: null, at: null }), ...shown };
}

const joined = (parts) => parts.join("").replaceAll(ANCHOR, "").replace(/^\n+|\n+$/g, "");

function markedIn(block) {
  if (!cache.has(block)) {
    const found = [];
    note(block, 0, block, found);
    block.descendants((node, pos, parent) => note(node, pos + 1, node.isText ? parent : node, found));
    cache.set(block, found);
  }
  return cache.get(block);
}

/* A change of several attributes of one node is several marks and one thing to read. */
const isRepeated = (mark, index, marks) =>
  marks.findIndex((one) => one.type === mark.type && one.attrs.id === mark.attrs.id) < index;

function note(node, from, line, found) {
  for (const [index, mark] of node.marks.entries()) {
    if (!SUGGESTIONS.includes(mark.type.name) || isRepeated(mark, index, node.marks)) continue;
    const to = from + node.nodeSize;
    const same = node.marks.filter((one) => one.type === mark.type && one.attrs.id === mark.attrs.id);
    const changes = mark.type.name === "modification" ? same.map(({ attrs }) => attrs) : [];
    const shown = { words: wordsIn(node), line, from, to, inline: node.isInline, changes };
    found.push({ id: mark.attrs.id, mark: mark.type.name, ...shown });
  }
}

/* What a person sees of a node; what stands whole shows its own words. */
function wordsIn(node) {
  const { attrs } = node;
  switch (node.type.name) {
    case "text":
      return node.text;
    case "fact":
      return attrs.words;
    case "gap":
      return attrs.value || `[${attrs.name}]`;
    case "footnote":
      return `[${attrs.text}]`;
    case "picture":
      return `[${attrs.alt || attrs.caption}]`;
    default: {
      const lines = [];
      node.forEach((child) => lines.push(wordsIn(child)));
      return lines.join(node.isTextblock ? "" : "\n");
    }
  }
}
