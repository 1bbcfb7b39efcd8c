/* The frame around words that others approved: who they are, and the way to their text. It is moved and taken
   out as a whole; the cursor does not go in. Pasted from another text they are ordinary words. */
import { Extension } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import { NodeSelection, Plugin } from "@tiptap/pm/state";

const NAME = "approvedBlock";
const FORTH = ["ArrowDown", "ArrowRight"];
const BACK = ["ArrowUp", "ArrowLeft"];

export const ApprovedWords = Extension.create({
  name: "approvedWords",
  addOptions: () => ({ url: "", words: {} }),
  addProseMirrorPlugins() {
    const here = new Set(); // versions that stand in this text, or stood in it
    const known = new Map(); // version → what the server says of it
    const { url, words } = this.options;
    const told = (version) => {
      if (!known.has(version)) known.set(version, ask(url, version));
      return known.get(version);
    };
    return [
      new Plugin({
        props: {
          nodeViews: {
            [NAME]: (node, view, getPos) => {
              here.add(node.attrs.version);
              return new Frame({ node, view, getPos, words, told });
            },
          },
          handleKeyDown: (view, event) => select(view, event),
          transformPasted: (slice) => ordinary(slice, here),
        },
      }),
    ];
  },
});

async function ask(url, version) {
  try {
    const answer = await fetch(`${url}?${new URLSearchParams({ version })}`);
    return answer.ok ? (await answer.json()).versions[0] : null;
  } catch {
    return null;
  }
}

class Frame {
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
      if (event.target.closest("a") || !document.getSelection().isCollapsed) return;
      view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, getPos())));
      view.focus();
    });
  }

  update(node) {
    const { version, hash } = this.node.attrs;
    if (node.type !== this.node.type || node.attrs.version !== version || node.attrs.hash !== hash) return false;
    this.node = node;
    return true;
  }

  stopEvent(event) {
    return Boolean(event.target.closest?.(".approved__label a"));
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

/** An arrow at the edge of a line next to such a block selects it. */
export function select(view, event) {
  const forth = FORTH.includes(event.key);
  if ((!forth && !BACK.includes(event.key)) || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey)
    return false;
  const { doc, selection } = view.state;
  if (!selection.empty || !selection.$head.depth) return false;
  const way = { ArrowDown: "down", ArrowUp: "up", ArrowRight: "right", ArrowLeft: "left" }[event.key];
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

function isEdge(doc, from, to) {
  let empty = true;
  doc.nodesBetween(Math.min(from, to), Math.max(from, to), (node, pos) => {
    if (node.isTextblock && pos >= Math.min(from, to) && pos + node.nodeSize <= Math.max(from, to)) empty = false;
  });
  return empty;
}

/** What is pasted, without frames around words that do not stand in this text: the server takes none of them. */
export function ordinary(slice, here) {
  const open = (fragment) => {
    const nodes = [];
    fragment.forEach((node) => {
      if (node.type.name === NAME && !here.has(node.attrs.version)) node.content.forEach((one) => nodes.push(one));
      else nodes.push(node);
    });
    return Fragment.from(nodes);
  };
  const strange = (node) => node?.type.name === NAME && !here.has(node.attrs.version);
  const content = open(slice.content);
  if (content.eq(slice.content)) return slice;
  const less = (depth, node) => (strange(node) && depth ? depth - 1 : depth);
  return new Slice(
    content,
    less(slice.openStart, slice.content.firstChild),
    less(slice.openEnd, slice.content.lastChild),
  );
}
