// @ts-check
/* Atomic nodes: pictures, footnotes, facts, gaps. Their texts are attributes and are edited in a dialog.
   `files` are the pictures of the workspace, `labels` the prefixes of titles. */
import { Node } from "@tiptap/core";

/** @import { Picture } from "./types" */

/** @type {(names: string[]) => import("@tiptap/core").Attributes} */
function attributes(names) {
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        default: "",
        parseHTML: (element) => element.getAttribute(`data-${name}`) ?? "",
        renderHTML: (values) => ({ [`data-${name}`]: values[name] }),
      },
    ]),
  );
}

const inline = { group: "inline", inline: true, atom: true, selectable: true, marks: "_" };

/** @type {(label: string) => Node} */
const footnote = (label) =>
  Node.create({
    ...inline,
    name: "footnote",
    addAttributes: () => attributes(["text"]),
    parseHTML: () => [{ tag: "span.footnote" }],
    renderHTML: ({ node, HTMLAttributes }) => [
      "span",
      {
        ...HTMLAttributes,
        class: "footnote",
        role: "img",
        title: node.attrs.text,
        "aria-label": `${label} ${node.attrs.text}`,
      },
    ],
  });

/** @type {(label: string) => Node} */
const fact = (label) =>
  Node.create({
    ...inline,
    name: "fact",
    addAttributes: () => attributes(["id", "words", "source"]),
    parseHTML: () => [{ tag: "span.fact" }],
    renderHTML: ({ node, HTMLAttributes }) => [
      "span",
      { ...HTMLAttributes, class: "fact", title: `${label} ${node.attrs.source}` },
      node.attrs.words,
    ],
  });

/** @type {() => Node} */
const gap = () =>
  Node.create({
    ...inline,
    name: "gap",
    addAttributes: () => attributes(["name", "kind", "value"]),
    parseHTML: () => [{ tag: "span.gap" }],
    renderHTML: ({ node, HTMLAttributes }) => [
      "span",
      { ...HTMLAttributes, class: node.attrs.value ? "gap" : "gap gap--open" },
      node.attrs.value || `[${node.attrs.name}]`,
    ],
  });

/** @type {(files: Picture[]) => Node} */
const picture = (files) =>
  Node.create({
    name: "picture",
    group: "block",
    atom: true,
    draggable: true,
    addAttributes: () => attributes(["id", "alt", "caption", "credit"]),
    parseHTML: () => [{ tag: "figure[data-id]" }],
    renderHTML({ node, HTMLAttributes }) {
      const { id, alt, caption, credit } = node.attrs;
      const file = files.find((one) => one.id === id);
      const image = file ? ["img", { src: file.url, alt }] : ["p", {}, alt];
      const words = [caption, credit].filter(Boolean).join(" · ");
      return ["figure", { ...HTMLAttributes, class: "picture" }, image, ["figcaption", {}, words]];
    },
  });

/** @type {(given: { files: Picture[], labels: { footnote: string, source: string } }) => Node[]} */
export const atoms = ({ files, labels }) => [
  footnote(labels.footnote),
  fact(labels.source),
  gap(),
  picture(files),
];
