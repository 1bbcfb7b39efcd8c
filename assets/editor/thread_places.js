// @ts-check
/* Positions of comment threads in the text: by their marks, or by a stored position that only their
   readers receive. */
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

/** @import { Node } from "@tiptap/pm/model" */
/** @import { EditorContext, Place, StoredPosition } from "./types" */

/**
 * A thread as its card says. `narrow`: it is not for the whole workspace; such a one has no mark in the document.
 * @typedef {{ id: string, narrow: boolean, quote: string, position: StoredPosition | null }} Thread
 *
 * `begun`: where the thread that is being written is to stand.
 * @typedef {{ threads: Thread[], current: string, begun: StoredPosition | null }} ThreadState
 *
 * @typedef {(position: StoredPosition) => Place | null} Absolute
 */

const ANCHOR = "\u200b"; // of suggestions: no words
const NO_WORDS = "\ufffc"; // stands for a footnote and other things in a line
const LONGEST = 500;

/** @type {PluginKey<Places>} */
export const placesKey = new PluginKey("threadPlaces");

/** The words between two places, as they are quoted.
    @type {(doc: Node, from: number, to: number) => string} */
export function wordsOf(doc, from, to) {
  const words = doc.textBetween(from, to, " ", " ").replaceAll(ANCHOR, "").replace(/\s+/g, " ").trim();
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
}

/** Read block by block: what was not touched is not read again.
    @type {WeakMap<Node, (Place & { id: string })[]>} */
const read = new WeakMap();

/** @type {(block: Node) => (Place & { id: string })[]} */
function marksIn(block) {
  const known = read.get(block);
  if (known) return known;
  /** @type {(Place & { id: string })[]} */
  const found = [];
  block.descendants((node, pos) => {
    for (const mark of node.marks) {
      if (mark.type.name === "comment") found.push({ id: mark.attrs.id, from: pos, to: pos + node.nodeSize });
    }
  });
  read.set(block, found);
  return found;
}

/** @type {(doc: Node) => Map<string, Place[]>} */
function marked(doc) {
  /** @type {Map<string, Place[]>} */
  const places = new Map();
  doc.forEach((block, offset) => {
    for (const { id, from, to } of marksIn(block)) {
      const [start, end] = [offset + 1 + from, offset + 1 + to];
      const known = places.get(id) ?? [];
      const last = known.at(-1);
      if (last?.to === start) last.to = end;
      else known.push({ from: start, to: end });
      places.set(id, known);
    }
  });
  return places;
}

/** Where a thread is that has words and no place of its own: a guest's, or one begun without script.
    @type {(doc: Node, words: string) => Place | null} */
function said(doc, words) {
  const wanted = words.replace(/…$/, "");
  /** @type {Place | null} */
  let found = null;
  doc.descendants((node, pos) => {
    if (found || !node.isTextblock) return !found;
    const start = node.textBetween(0, node.content.size, "", NO_WORDS).indexOf(wanted);
    if (start >= 0) found = { from: pos + 1 + start, to: pos + 1 + start + wanted.length };
    return false;
  });
  return found;
}

class Places {
  /** @param {Partial<ThreadState>} [state] */
  constructor({ threads = [], current = "", begun = null } = {}) {
    this.threads = threads;
    this.current = current;
    this.begun = begun;
    /** @type {Map<string, Place[]>} by the threads' ids */
    this.places = new Map();
    this.drawn = DecorationSet.empty;
  }

  /**
   * The same, as the document stands now.
   * @param {Node} doc
   * @param {Absolute} absolute
   * @returns {this}
   */
  in(doc, absolute) {
    const all = marked(doc);
    /** @type {Decoration[]} */
    const drawn = [];
    /** @type {(place: Place, thread: string, look: string) => void} */
    const draw = (place, thread, look) =>
      drawn.push(Decoration.inline(place.from, place.to, { class: `thread-words ${look}` }, { thread }));
    for (const { id, narrow, position, quote } of this.threads) {
      const one = narrow && (position ? absolute(position) : quote && said(doc, quote));
      const found = narrow ? (one && one.from < one.to ? [one] : []) : all.get(id);
      if (!found?.length) continue;
      this.places.set(id, found);
      const look = [narrow && "thread-words--narrow", id === this.current && "thread-words--current"];
      for (const place of found) draw(place, id, look.filter(Boolean).join(" "));
    }
    const place = this.begun && absolute(this.begun);
    if (place && place.from < place.to) draw(place, "", "thread-words--current");
    this.drawn = DecorationSet.create(doc, drawn);
    return this;
  }

  /** The thread whose words are at a place; of several the one whose words are fewest; "" if there is none.
      @type {(pos: number) => string} */
  at(pos) {
    const found = this.drawn.find(pos, pos, ({ thread }) => thread);
    return found.toSorted((one, other) => one.to - one.from - (other.to - other.from))[0]?.spec.thread ?? "";
  }
}

/**
 * @param {{ context: Pick<EditorContext, "positions">, mark(): void, look(thread: string): void, begin(): void,
 *   open(thread: string): void }} comments (comments.js) is asked for positions and told what was pressed
 * @returns {Plugin<Places>}
 */
export function threadPlaces(comments) {
  const { positions } = comments.context;
  /** @type {Absolute} */
  const absolute = (position) => positions.absolute(position);
  return new Plugin({
    key: placesKey,
    state: {
      init: (_config, state) => new Places().in(state.doc, absolute),
      apply(tr, places, _before, state) {
        const meta = tr.getMeta(placesKey);
        return meta || tr.docChanged ? new Places({ ...places, ...meta }).in(state.doc, absolute) : places;
      },
    },
    view: () => ({
      update(view, before) {
        if (view.state.doc !== before.doc) comments.mark();
      },
    }),
    props: {
      decorations: (state) => placesKey.getState(state)?.drawn,
      handleClick(view, pos) {
        const thread = placesKey.getState(view.state)?.at(pos);
        if (thread) comments.open(thread);
        else comments.look("");
        return false;
      },
      // By the key's place: on a Kazakh or Russian keyboard it has another letter.
      handleKeyDown(_view, event) {
        if (event.code !== "KeyM" || !event.altKey || !(event.ctrlKey || event.metaKey)) return false;
        comments.begin();
        return true;
      },
    },
  });
}
