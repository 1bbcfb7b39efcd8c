// @ts-check
/* The node view of approved blocks: who approved them, and a link to their text. A block is moved and
   removed as a whole, and the cursor does not enter it. Pasted into another text it becomes ordinary text. */
import { Extension } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import { NodeSelection, Plugin } from "@tiptap/pm/state";

import { closest } from "../../js/dom.js";

/** @import { Node } from "@tiptap/pm/model" */
/** @import { EditorView, NodeView, ViewMutationRecord } from "@tiptap/pm/view" */

/** @typedef {{ url: string, title: string, who: string }} ApprovedVersion as the server says */
/** @typedef {(version: string) => Promise<ApprovedVersion | null>} Ask */

const NAME = "approvedBlock";
const FORTH = ["ArrowDown", "ArrowRight"];
/** @type {Record<string, "down" | "up" | "right" | "left">} */
const WAYS = { ArrowDown: "down", ArrowUp: "up", ArrowRight: "right", ArrowLeft: "left" };
const BACK = ["ArrowUp", "ArrowLeft"];

export const ApprovedWords = Extension.create({
  name: "approvedWords",
  addOptions: () => ({ url: "", words: { label: "" } }),
  addProseMirrorPlugins() {
    /** @type {Set<string>} */
    const here = new Set(); // versions that stand in this text, or stood in it
    /** @type {Map<string, ReturnType<Ask>>} */
    const known = new Map(); // version → what the server says of it
    const { url, words } = this.options;
    /** @type {Ask} */
    const told = (version) => {
      const found = known.get(version) ?? ask(url, version);
      known.set(version, found);
      return found;
    };
    return [
      new Plugin({
        props: {
          nodeViews: {
            [NAME]: (node, view, getPos) => {
              here.add(node.attrs.version);
              return new ApprovedWordsView({ node, view, getPos, words, told });
            },
          },
          handleKeyDown: (view, event) => select(view, event),
          transformPasted: (slice) => ordinary(slice, here),
        },
      }),
    ];
  },
});

/** @type {(url: string, version: string) => ReturnType<Ask>} */
async function ask(url, version) {
  try {
    const answer = await fetch(`${url}?${new URLSearchParams({ version })}`);
    return answer.ok ? (await answer.json()).versions[0] : null;
  } catch {
    return null;
  }
}

/** @implements {NodeView} */
class ApprovedWordsView {
  /**
   * @param {{ node: Node, view: EditorView, getPos: () => number | undefined, words: { label: string }, told: Ask }} given
   */
  constructor({ node, view, getPos, words, told }) {
    this.node = node;
    this.dom = document.createElement("div");
    Object.assign(this.dom, { className: "approved", contentEditable: "false" });
    this.dom.setAttribute("role", "group");
    this.dom.setAttribute("aria-label", words.label);
    Object.assign(this.dom.dataset, { approved: node.attrs.version, hash: node.attrs.hash });
    const label = this.dom.appendChild(document.createElement("p"));
    label.className = "approved__label";
    label.lang = document.documentElement.lang;
    label.textContent = words.label;
    this.contentDOM = this.dom.appendChild(document.createElement("div"));
    this.contentDOM.className = "approved__words";
    told(node.attrs.version).then((found) => {
      if (!found) return;
      const link = document.createElement("a");
      Object.assign(link, { href: found.url, target: "_blank", rel: "noopener", textContent: found.title });
      link.lang = view.dom.lang;
      label.replaceChildren(`${found.who}: `, link);
    });
    // A press takes the whole of it; words in it can be chosen for a comment all the same.
    this.dom.addEventListener("click", (event) => {
      const pos = getPos();
      if (closest(event, "a") || !document.getSelection()?.isCollapsed || pos === undefined) return;
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, pos)));
      view.focus();
    });
  }

  /** @type {(node: Node) => boolean} */
  update(node) {
    const { version, hash } = this.node.attrs;
    if (node.type !== this.node.type || node.attrs.version !== version || node.attrs.hash !== hash)
      return false;
    this.node = node;
    return true;
  }

  /** @type {(event: Event) => boolean} */
  stopEvent(event) {
    return Boolean(closest(event, ".approved__label a"));
  }

  /** @type {(mutation: ViewMutationRecord) => boolean} */
  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

/**
 * Select the block when an arrow key is pressed at the edge of a line next to it.
 * @type {(view: EditorView, event: KeyboardEvent) => boolean}
 */
export function select(view, event) {
  const forth = FORTH.includes(event.key);
  if (
    (!forth && !BACK.includes(event.key)) ||
    event.shiftKey ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  )
    return false;
  const { doc, selection } = view.state;
  if (!selection.empty || !selection.$head.depth) return false;
  const way = WAYS[event.key];
  if (!view.endOfTextblock(way)) return false;
  const { $head } = selection;
  const edge = forth ? $head.after(1) : $head.before(1);
  const inner = forth ? doc.resolve($head.after()) : doc.resolve($head.before());
  // Not while there is another line of the same list, quote or table on the way.
  if (inner.pos !== edge && !isEdge(doc, inner.pos, edge)) return false;
  const next = forth ? doc.resolve(edge).nodeAfter : doc.resolve(edge).nodeBefore;
  if (next?.type.name !== NAME) return false;
  const at = forth ? edge : edge - next.nodeSize;
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(doc, at)).scrollIntoView());
  return true;
}

/** @type {(doc: Node, from: number, to: number) => boolean} */
function isEdge(doc, from, to) {
  let empty = true;
  doc.nodesBetween(Math.min(from, to), Math.max(from, to), (node, pos) => {
    if (node.isTextblock && pos >= Math.min(from, to) && pos + node.nodeSize <= Math.max(from, to))
      empty = false;
  });
  return empty;
}

/**
 * The pasted slice, with approved blocks that are not in this text unwrapped: the server accepts none of
 * those.
 * @type {(slice: Slice, here: Set<string>) => Slice}
 */
export function ordinary(slice, here) {
  /** @type {(fragment: Fragment) => Fragment} */
  const open = (fragment) => {
    /** @type {Node[]} */
    const nodes = [];
    fragment.forEach((node) => {
      if (node.type.name === NAME && !here.has(node.attrs.version))
        node.content.forEach((one) => nodes.push(one));
      else nodes.push(node);
    });
    return Fragment.from(nodes);
  };
  /** @type {(node: Node | null) => boolean} */
  const strange = (node) => node?.type.name === NAME && !here.has(node.attrs.version);
  const content = open(slice.content);
  if (content.eq(slice.content)) return slice;
  /** @type {(depth: number, node: Node | null) => number} */
  const less = (depth, node) => (strange(node) && depth ? depth - 1 : depth);
  return new Slice(
    content,
    less(slice.openStart, slice.content.firstChild),
    less(slice.openEnd, slice.content.lastChild),
  );
}
