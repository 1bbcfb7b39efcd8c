// @ts-check
/* The schema of a text: the nodes and marks of documents/canonical/editor_schema.json, since what the
   editor cannot hold cannot be approved; a title and a lead of plain text before them; the marks of
   suggestions and comments. Pasted content outside the schema becomes plain text. */
import { Mark, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { Heading } from "@tiptap/extension-heading";
import { Italic } from "@tiptap/extension-italic";
import { BulletList, ListItem, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";

import { allowedLink } from "./links.js";
import { ON_BLOCKS, comment, suggestionMarks } from "./suggestions/marks.js";

const FLOW = "(paragraph | bulletList | orderedList)";
const BLOCKS = "(paragraph | heading | bulletList | orderedList | blockquote | quotation | picture | table";

/* Suggestions may stand on any block: a paragraph that is new, a row that is to go. */
const marked = { marks: ON_BLOCKS };

/** Title and lead are always there, once; Enter and Backspace at their edges only move (title_and_lead.js).
    @type {(name: string, tag: string) => Node} */
const head = (name, tag) =>
  Node.create({
    name,
    content: "text*",
    marks: `${ON_BLOCKS} comment`,
    isolating: true,
    defining: true,
    parseHTML: () => [], // a pasted heading is a heading
    renderHTML: () => [tag, { class: name === "title" ? "paper__title" : "lead" }, 0],
  });

/* Merged cells cannot be approved: a pasted table keeps its words and loses the merging. */
const plainCell = {
  ...marked,
  content: `${FLOW}+`,
  addAttributes: () => ({
    colspan: { default: 1, parseHTML: () => 1, renderHTML: () => ({}) },
    rowspan: { default: 1, parseHTML: () => 1, renderHTML: () => ({}) },
    colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) },
  }),
};

const link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: {} }),
  parseHTML: () => [
    { tag: "a[href]", getAttrs: (element) => (allowedLink(element.getAttribute("href")) ? null : false) },
  ],
  renderHTML: ({ mark }) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer nofollow" }, 0],
});

const quotation = Node.create({
  name: "quotation",
  group: "block",
  ...marked,
  content: "paragraph+",
  defining: true,
  addAttributes: () => ({ speaker: { default: "" }, role: { default: "" } }),
  parseHTML: () => [
    {
      tag: "blockquote.quotation",
      priority: 60,
      contentElement: "div",
      getAttrs: ({ dataset }) => ({ speaker: dataset.speaker ?? "", role: dataset.role ?? "" }),
    },
  ],
  renderHTML({ node }) {
    const { speaker, role } = node.attrs;
    const who = [speaker, role].filter(Boolean).join(", ");
    const attributes = { class: "quotation", "data-speaker": speaker, "data-role": role };
    return ["blockquote", attributes, ["div", {}, 0], ["footer", { contenteditable: "false" }, who]];
  },
});

/* A text that others approved, taken over whole. It can be moved or removed, never changed. */
const approvedBlock = Node.create({
  name: "approvedBlock",
  group: "block",
  ...marked,
  content: `${BLOCKS})+`,
  isolating: true,
  defining: true,
  addAttributes: () => ({ version: { default: "" }, hash: { default: "" } }),
  parseHTML: () => [
    {
      tag: "div[data-approved]",
      getAttrs: ({ dataset }) => ({ version: dataset.approved, hash: dataset.hash ?? "" }),
    },
  ],
  renderHTML: ({ node }) => [
    "div",
    {
      class: "approved",
      contenteditable: "false",
      "data-approved": node.attrs.version,
      "data-hash": node.attrs.hash,
    },
    0,
  ],
});

const heading = Heading.extend({
  parseHTML: () =>
    ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag, index) => ({
      tag,
      attrs: { level: Math.min(4, Math.max(2, index + 1)) },
    })),
}).configure({ levels: [2, 3, 4] });

const orderedList = OrderedList.extend({
  ...marked,
  addAttributes: () => ({
    start: { default: 1, parseHTML: (element) => Number(element.getAttribute("start")) || 1 },
  }),
});

export const textSchema = [
  Document.extend({ ...marked, content: `title lead ${BLOCKS} | approvedBlock)+` }),
  Text,
  Paragraph,
  head("title", "h2"),
  head("lead", "p"),
  heading,
  BulletList.extend(marked),
  orderedList,
  ListItem.extend({ ...marked, content: `paragraph ${FLOW}*` }),
  Blockquote.extend({
    ...marked,
    content: `${FLOW}+`,
    parseHTML: () => [{ tag: "blockquote:not(.quotation)" }],
  }),
  quotation,
  approvedBlock,
  Table.extend({ ...marked, content: "tableRow+" }).configure({ resizable: false }),
  TableRow.extend(marked),
  TableHeader.extend(plainCell),
  TableCell.extend(plainCell),
  link,
  comment,
  ...suggestionMarks,
  Bold,
  Italic,
];
