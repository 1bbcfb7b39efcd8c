// @ts-check
/* Where other parts of the page join the editor. A module calls `onReady(join)` when it is loaded, and is
   imported with one line in editor.js; `join(editor, context)` is called for every text that opens, and
   again when a text is opened anew (its Tiptap editor is another one then). `context` has

   - `text` {uuid, language}, `me` {person, organisation} (UUIDs), `may` {write, suggest, comment};
   - `people`: names by UUID (people.js), `root`: the element around the text;
   - `tool(name, run)`: what the toolbar's button `[data-tool=<name>]` does, with the editor in focus;
   - `side`: {open(name), refresh(name), count(name, number)} of the panel beside the text;
   - `announce(words)`: told politely to a screen reader;
   - `positions`: {relative(from, to) → JSON, absolute(json) → {from, to} or null}, for what must find its
     place again without a mark in the document;
   - `signal`: an AbortSignal that ends with this opening, for listeners. */

/** @import { Editor } from "@tiptap/core" */
/** @import { EditorContext } from "./types" */

/** @typedef {(editor: Editor, context: EditorContext) => void} Join */

/** @type {Join[]} */
const joins = [];

/** @type {(join: Join) => void} */
export function onReady(join) {
  joins.push(join);
}

/** @type {Join} */
export function runReadyHooks(editor, context) {
  for (const join of joins) join(editor, context);
}
