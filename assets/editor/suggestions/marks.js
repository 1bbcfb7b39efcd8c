// @ts-check
/* The marks of suggestions and comments. Mark views and decorations.js draw them; copied text has none of
   them (clipboard.js). A suggested insertion may be suggested for deletion by somebody else, so insertion
   and deletion do not exclude each other. */
import { Mark } from "@tiptap/core";

import { markView } from "./mark_views.js";

export const SUGGESTIONS = ["insertion", "deletion", "modification"];
export const ON_BLOCKS = SUGGESTIONS.join(" ");

const identity = { id: { default: "", parseHTML: () => "", renderHTML: () => ({}) } };

/** @param {string} name @param {Partial<import("@tiptap/core").MarkConfig>} [given] */
const suggestion = (name, given = {}) =>
  Mark.create({
    name,
    inclusive: false,
    addAttributes: () => identity,
    parseHTML: () => [],
    renderHTML: () => ["span", {}, 0],
    addMarkView: () => markView(name),
    ...given,
  });

/** @type {(value: string | null) => import("@tiptap/core").Attribute} */
const bare = (value) => ({ default: value, parseHTML: () => value, renderHTML: () => ({}) });

export const suggestionMarks = [
  suggestion("insertion"),
  suggestion("deletion"),
  suggestion("modification", {
    excludes: "", // one node may have several: one for each attribute
    addAttributes: () => ({
      ...identity,
      type: bare("attr"),
      attrName: bare(null),
      previousValue: bare(null),
      newValue: bare(null),
    }),
  }),
];

/** Where a thread of comments for the whole workspace stands; threads may overlap. */
export const comment = Mark.create({
  name: "comment",
  inclusive: false,
  excludes: "",
  addAttributes: () => ({ id: { default: "", parseHTML: () => "", renderHTML: () => ({}) } }),
  parseHTML: () => [],
  renderHTML: ({ mark }) => ["span", { class: "commented", "data-thread": mark.attrs.id }, 0],
});
