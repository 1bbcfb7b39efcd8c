/* @tiptap/y-tiptap 3.0.9 keeps marks of text in the shared document and drops marks of element nodes: of
   blocks, pictures, footnotes. A suggested block would come back as an accepted one. This plugin changes
   the pinned version while it is bundled: such marks are attributes of the element, `__mark_<name>` (with
   `--<hash>` after it where a mark may stand twice, as for text). Each piece must be found exactly, or the
   build fails: after an update somebody has to look. See docs/decisions/0027-marks-on-nodes.md. */
import { readFile } from "node:fs/promises";

const TARGET = /@tiptap[\\/]y-tiptap[\\/]dist[\\/]y-tiptap\.js$/;

/* What is added: reading and writing the marks, and comparing them by value. Marks are put together with
   `addToSet`, in the order of their keys, so that every replica shows the same where two exclude another. */
const ADDED = `
const nodeMarkPrefix = '__mark_';
const withNodeMarks = (pnode) => {
  if (pnode.marks.length === 0) return pnode.attrs
  const all = Object.assign({}, pnode.attrs);
  const marks = marksToAttributes(pnode.marks, { isOMark: new Map() });
  for (const key in marks) all[nodeMarkPrefix + key] = { ...marks[key] }; // yjs asks for an object with a constructor
  return all
};
const nodeFromYAttributes = (name, yattrs, children, schema) => {
  const attrs = {};
  const found = {};
  for (const key in yattrs) {
    if (key.startsWith(nodeMarkPrefix)) found[key.slice(nodeMarkPrefix.length)] = yattrs[key];
    else attrs[key] = yattrs[key];
  }
  return schema.node(name, attrs, children, attributesToMarks(found, schema))
};
const sameYValue = (a, b) => a === b || (isObject(a) && isObject(b) && equalAttrs(a, b));
`;

/* [what stands there, what stands there instead, how often] */
const PIECES = [
  [
    "const node = schema.node(el.nodeName, attrs, children);",
    "const node = nodeFromYAttributes(el.nodeName, attrs, children, schema);",
    1,
  ],
  [
    "  for (const key in node.attrs) {\n    const val = node.attrs[key];",
    "  const nodeAttrs = withNodeMarks(node);\n  for (const key in nodeAttrs) {\n    const val = nodeAttrs[key];",
    1,
  ],
  [
    "equalAttrs(ytype.getAttributes(), pnode.attrs) &&",
    "equalAttrs(ytype.getAttributes(), withNodeMarks(pnode)) &&",
    1,
  ],
  ["    const pAttrs = pNode.attrs;", "    const pAttrs = withNodeMarks(pNode);", 1],
  [
    "if (yDomAttrs[key] !== pAttrs[key] && key !== 'ychange') {",
    "if (!sameYValue(yDomAttrs[key], pAttrs[key]) && key !== 'ychange') {",
    1,
  ],
  [
    "  const marks = [];\n  for (const markName in attrs) {\n    // remove hashes if necessary\n    marks.push(schema.mark(yattr2markname(markName), attrs[markName]));\n  }\n  return marks",
    "  let marks = PModel.Mark.none;\n  for (const markName of Object.keys(attrs || {}).sort()) {\n    // remove hashes if necessary\n    marks = schema.mark(yattr2markname(markName), attrs[markName]).addToSet(marks);\n  }\n  return marks",
    1,
  ],
  ["const isObject = (val) =>", `${ADDED}\nconst isObject = (val) =>`, 1],
];

/** The changed source. Throws if a piece is not where it was. */
export function withNodeMarks(source) {
  let text = source;
  for (const [before, after, times] of PIECES) {
    const found = text.split(before).length - 1;
    if (found !== times)
      throw new Error(`y-tiptap has changed: found ${found} times, not ${times}: ${before}`);
    text = text.replaceAll(before, () => after);
  }
  return text;
}

/** The plugin for esbuild; fails the build too if y-tiptap or yjs is in the bundle in another shape or twice. */
export const nodeMarks = {
  name: "marks on nodes",
  setup(build) {
    build.initialOptions.metafile = true;
    build.onLoad({ filter: TARGET }, async ({ path }) => ({
      contents: withNodeMarks(await readFile(path, "utf8")),
    }));
    build.onEnd(({ metafile, errors }) => {
      if (errors.length) return undefined;
      const inputs = Object.keys(metafile.inputs);
      const wrong = [/(^|\/)node_modules\/yjs\/dist\/[^/]+$/, /y-tiptap\/dist\/y-tiptap[^/]*$/].filter(
        (pattern) => inputs.filter((input) => pattern.test(input)).length > 1,
      );
      return { errors: wrong.map((pattern) => ({ text: `bundled more than once: ${pattern}` })) };
    });
  },
};
