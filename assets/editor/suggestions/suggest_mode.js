/* Suggest mode and what is done with suggestions: the extension through which every edit of this page goes. */
import {
  disableSuggestChanges,
  enableSuggestChanges,
  isSuggestChangesEnabled,
  suggestChanges,
  suggestChangesKey,
} from "@handlewithcare/prosemirror-suggest-changes";
import { Extension } from "@tiptap/core";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import { ySyncPluginKey, yUndoPluginKey } from "@tiptap/y-tiptap";

import { keepTitleAndLead } from "../title_and_lead.js";
import { plainSlice } from "./clipboard.js";
import { decorations } from "./decorations.js";
import { listSuggestions } from "./suggestion_list.js";
import { resolve } from "./resolve.js";
import { toSuggestion } from "./to_suggestion.js";
import { normalizeEdit } from "./normalize.js";

/* Changes that came from others or from undo, and those that mean suggestions themselves, stay as they are. */
const isGiven = (tr) =>
  !tr.docChanged ||
  tr.getMeta(ySyncPluginKey)?.isChangeOrigin ||
  "skip" in (tr.getMeta(suggestChangesKey) ?? {});

/** Whether edits are suggestions now. */
export const suggests = (editor) => isSuggestChangesEnabled(editor.state);

/** Options: `me`; `may` {write, suggest}; `attribution` (attribution.js); `onRefused()`: an edit had no way to be
    suggested. */
export const SuggestMode = Extension.create({
  name: "suggestMode",
  priority: 900,
  addOptions: () => ({ me: null, may: {}, attribution: null, onRefused: () => {} }),
  addStorage: () => ({ attribution: null, forward: false, given: false }),

  onBeforeCreate() {
    this.storage.attribution = this.options.attribution;
  },

  onCreate() {
    if (!this.options.may.write && this.options.may.suggest) this.editor.commands.suggest(true);
  },

  dispatchTransaction({ transaction, next }) {
    const { state } = this.editor;
    this.storage.given = isGiven(transaction);
    if (this.storage.given) return next(transaction);
    let tr = keepTitleAndLead(transaction, state);
    if (!isSuggestChangesEnabled(state)) {
      normalizeEdit(tr, state.doc, this.options.me);
      return next(tr);
    }
    const { forward } = this.storage;
    this.storage.forward = false;
    tr = toSuggestion(tr, state, this.options.me);
    if (!tr) return this.options.onRefused();
    if (forward) goOn(tr, transaction, state);
    return next(tr);
  },

  addCommands() {
    return {
      suggest:
        (on) =>
        ({ state, dispatch }) =>
          (on ? enableSuggestChanges : disableSuggestChanges)(state, dispatch),
      resolveSuggestions:
        ({ accept, match }) =>
        ({ tr, state, dispatch }) => {
          if (!dispatch) return true;
          const { undoManager } = yUndoPluginKey.getState(state) ?? {};
          undoManager?.stopCapturing();
          resolve(tr, { accept, match }).setMeta(suggestChangesKey, { skip: true });
          // A step of its own: what is typed next is undone apart from it.
          if (undoManager) setTimeout(() => undoManager.stopCapturing());
          return true;
        },
      selectSuggestion:
        (id) =>
        ({ tr, state, dispatch }) => {
          const found = listSuggestions(state.doc).find((one) => one.id === id);
          if (!found) return false;
          const selection = TextSelection.near(state.doc.resolve(found.from), 1);
          if (dispatch) tr.setSelection(selection).scrollIntoView();
          return true;
        },
    };
  },

  addProseMirrorPlugins() {
    const { storage } = this;
    return [
      suggestChanges(),
      new Plugin({
        filterTransaction: (tr, state) =>
          !tr.getMeta(EVENS_OUT) || mayEvenOut(state, this.options.may, storage.given),
        props: {
          transformCopied: plainSlice,
          transformPasted: plainSlice,
          handleKeyDown: (view, event) => {
            if (event.key !== "Delete" && event.key !== "Backspace") return false;
            storage.forward = event.key === "Delete";
            if (isSuggestChangesEnabled(view.state)) passDeleted(view, event.key === "Delete" ? 1 : -1);
            return false;
          },
        },
      }),
      decorations(this.editor),
    ];
  },
});

/* The plugin for tables evens out their rows behind an edit, and knows nothing of suggestions, rights, and of
   others who do the same. It may do so in a text that holds no suggestion, behind what was written here. */
const EVENS_OUT = "fix-tables$";

function mayEvenOut(state, may, given) {
  return Boolean(may.write) && !given && !isSuggestChangesEnabled(state) && !listSuggestions(state.doc).length;
}

/* The Delete key goes forward: the cursor passes by what is struck out now. */
function goOn(tr, original, state) {
  const [step] = original.steps;
  if (!state.selection.empty || !(step?.from < step?.to) || step.slice?.size) return;
  const end = tr.mapping.map(step.to, 1);
  tr.setSelection(TextSelection.near(tr.doc.resolve(end), 1));
}

/* What is struck out already is passed by, so that the key means the next letter that stands. */
function passDeleted(view, direction) {
  const { selection, doc } = view.state;
  if (!selection.empty) return;
  let { pos } = selection.$head;
  for (let $pos = doc.resolve(pos); ; $pos = doc.resolve(pos)) {
    const node = direction > 0 ? $pos.nodeAfter : $pos.nodeBefore;
    if (!node?.isInline || !node.marks.some((mark) => mark.type.name === "deletion")) break;
    pos += direction * node.nodeSize;
  }
  if (pos !== selection.head) view.dispatch(view.state.tr.setSelection(TextSelection.create(doc, pos)));
}
