// @ts-check
/* Suggest mode and the commands on suggestions: the extension through which every edit goes. */
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

/** @import { Editor } from "@tiptap/core" */
/** @import { EditorState, Transaction } from "@tiptap/pm/state" */
/** @import { ReplaceStep } from "@tiptap/pm/transform" */
/** @import { EditorView } from "@tiptap/pm/view" */
/** @import { Attribution } from "./attribution.js" */
/** @import { Author, Rights, SuggestModeStorage } from "../types" */

/**
 * Remote changes, undo, and changes of suggestions themselves pass unchanged.
 * @type {(tr: Transaction) => boolean}
 */
const isGiven = (tr) =>
  !tr.docChanged ||
  tr.getMeta(ySyncPluginKey)?.isChangeOrigin ||
  "skip" in (tr.getMeta(suggestChangesKey) ?? {});

/** Whether edits are suggestions now.
    @type {(editor: Editor) => boolean} */
export const suggests = (editor) => isSuggestChangesEnabled(editor.state);

/**
 * `onRefused`: an edit had no way to be suggested.
 * @typedef {{ me: Author, may: Pick<Rights, "write" | "suggest">, attribution: Attribution | null,
 *   onRefused: () => void }} SuggestModeOptions
 */
export const SuggestMode = Extension.create({
  name: "suggestMode",
  priority: 900,
  addOptions: () =>
    /** @type {SuggestModeOptions} */ ({
      me: { person: "", organisation: "" },
      may: { write: false, suggest: false },
      attribution: null,
      onRefused: () => {},
    }),
  addStorage: () => /** @type {SuggestModeStorage} */ ({ attribution: null, forward: false, given: false }),

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
    const tr = keepTitleAndLead(transaction, state);
    if (!isSuggestChangesEnabled(state)) {
      normalizeEdit(tr, state.doc, this.options.me);
      return next(tr);
    }
    const { forward } = this.storage;
    this.storage.forward = false;
    const made = toSuggestion(tr, state, this.options.me);
    if (!made) return this.options.onRefused();
    if (forward) goOn(made, transaction, state);
    return next(made);
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

/* The table plugin evens out rows after an edit, and knows nothing of suggestions, rights, or others who
   do the same. It may do so only after an edit made here, in a text without suggestions. */
const EVENS_OUT = "fix-tables$";

/** @type {(state: EditorState, may: Pick<Rights, "write">, given: boolean) => boolean} */
function mayEvenOut(state, may, given) {
  return (
    Boolean(may.write) && !given && !isSuggestChangesEnabled(state) && !listSuggestions(state.doc).length
  );
}

/**
 * After the Delete key the cursor moves behind what is now struck out.
 * @type {(tr: Transaction, original: Transaction, state: EditorState) => void}
 */
function goOn(tr, original, state) {
  const [step] = original.steps;
  const { from, to, slice } = /** @type {Partial<ReplaceStep>} */ (step ?? {});
  if (!state.selection.empty || from === undefined || to === undefined || !(from < to) || slice?.size) return;
  const end = tr.mapping.map(to, 1);
  tr.setSelection(TextSelection.near(tr.doc.resolve(end), 1));
}

/**
 * Move the cursor past struck-out text, so that the key deletes the next letter that remains.
 * @type {(view: EditorView, direction: 1 | -1) => void}
 */
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
