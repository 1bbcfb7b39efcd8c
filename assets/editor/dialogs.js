// @ts-check
/* Dialogs for what cannot be typed into the text: a link's address, a picture, a footnote. They are
   ordinary <dialog data-editor-dialog="…"> of the page, in its language. */
import { find, findAll } from "../js/dom.js";
import { approvedWordsDialog } from "./approved/dialog.js";
import { factDialog } from "./fact_dialog.js";
import { typedLink } from "./links.js";

/** @import { Editor } from "@tiptap/core" */
/** @import { Page } from "./page.js" */
/** @import { Picture, Question } from "./types" */

/**
 * What each dialog reads from the text when it opens, and writes when it is confirmed.
 * @type {(given: { files: () => Picture[], page: Page }) => Record<string, Question>}
 */
const questions = ({ files, page }) => ({
  approved: approvedWordsDialog(page),
  link: {
    read: (editor) => ({ href: editor.getAttributes("link").href ?? "" }),
    check: ({ href }) => (typedLink(href) ? null : "href"),
    put: (editor, { href }) => {
      const chain = editor.chain().focus().extendMarkRange("link");
      const address = typedLink(href);
      if (!address) return false;
      if (editor.state.selection.empty && !editor.isActive("link")) {
        const marks = [{ type: "link", attrs: { href: address } }];
        return chain
          .insertContent({ type: "text", text: address.replace(/^(https:\/\/|mailto:)/, ""), marks })
          .run();
      }
      return chain.setMark("link", { href: address }).run();
    },
    remove: (editor) => editor.chain().focus().extendMarkRange("link").unsetMark("link").run(),
    has: (editor) => editor.isActive("link"),
  },
  footnote: atom("footnote", ["text"]),
  gap: atom("gap", ["name", "kind", "value"]),
  fact: factDialog(page, {
    ...atom("fact", []),
    put: (editor, attrs) => insert(editor, "fact", attrs),
  }),
  picture: {
    ...atom("picture", ["id", "alt", "caption", "credit"]),
    put: (editor, values) => insert(editor, "picture", values),
    chosen: (id) => files().find((one) => one.id === id),
  },
  quotation: {
    read: (editor) => editor.getAttributes("quotation"),
    put: (editor, attrs) => {
      if (editor.isActive("quotation"))
        return editor.chain().focus().updateAttributes("quotation", attrs).run();
      return editor.chain().focus().wrapIn("quotation", attrs).run();
    },
    remove: (editor) => editor.chain().focus().lift("quotation").run(),
    has: (editor) => editor.isActive("quotation"),
  },
});

/** @type {(editor: Editor, name: string) => boolean} */
const selected = (editor, name) => editor.state.selection.node?.type.name === name;

/** @type {(name: string, fields: string[]) => Question} */
function atom(name, fields) {
  return {
    read: (editor) => (selected(editor, name) ? (editor.state.selection.node?.attrs ?? {}) : {}),
    put: (editor, values) =>
      insert(editor, name, Object.fromEntries(fields.map((field) => [field, values[field]]))),
    remove: (editor) => editor.chain().focus().deleteSelection().run(),
    has: (editor) => selected(editor, name),
  };
}

/** @type {(editor: Editor, type: string, attrs: Record<string, string>) => boolean} */
function insert(editor, type, attrs) {
  if (selected(editor, type)) return editor.chain().focus().updateAttributes(type, attrs).run();
  return editor.chain().focus().insertContent({ type, attrs }).run();
}

/**
 * Wires the dialogs that the page has.
 * @param {{ editor: () => Editor | null, files: () => Picture[], page: Page }} given `editor()`: that of the text one
 *   is in, `files()`: its pictures
 * @returns {(name: string) => void} opens the dialog of that name
 */
export function wireDialogs({ editor, files, page }) {
  const all = questions({ files, page });
  /** @type {Map<string, HTMLDialogElement>} */
  const dialogs = new Map();
  for (const dialog of findAll(document, "[data-editor-dialog]", HTMLDialogElement)) {
    const { editorDialog: name = "" } = dialog.dataset;
    dialogs.set(name, dialog);
    wire(dialog, all[name], editor);
  }
  return (name) => {
    const dialog = dialogs.get(name);
    const current = editor();
    if (dialog && current) open(dialog, all[name], current);
  };
}

/** @type {(dialog: HTMLDialogElement, question: Question, editor: Editor) => void} */
function open(dialog, question, editor) {
  const form = find(dialog, "form", HTMLFormElement);
  form.reset();
  for (const [name, value] of Object.entries(question.read(editor))) {
    const field = fieldOf(form, name);
    if (field && value) field.value = value;
  }
  find(dialog, "[data-remove]").hidden = !question.has(editor);
  dialog.showModal();
  question.opened?.(dialog);
}

/** @type {(dialog: HTMLDialogElement, question: Question, editor: () => Editor | null) => void} */
function wire(dialog, question, editor) {
  const form = find(dialog, "form", HTMLFormElement);
  question.wire?.(dialog);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries(
      [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]),
    );
    const wrong = question.check?.(values);
    if (wrong) {
      const field = find(form, `[name="${wrong}"]`, HTMLInputElement);
      field.setCustomValidity(field.dataset.wrong ?? "");
      field.reportValidity();
      field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
      return;
    }
    dialog.close();
    const current = editor();
    if (current) question.put(current, values);
  });
  find(dialog, "[data-remove]").addEventListener("click", () => {
    dialog.close();
    const current = editor();
    if (current) question.remove?.(current);
  });
  // A picture comes with its description and credit; the person may change them for this text.
  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.name !== "id") return;
    const file = question.chosen?.(target.value);
    if (!file) return;
    for (const name of /** @type {const} */ (["alt", "caption", "credit"])) {
      const field = fieldOf(form, name);
      if (field) field.value = file[name] ?? "";
    }
  });
}

/**
 * A field of the form by its name, or the buttons of which one is chosen.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
const fieldOf = (form, name) =>
  /** @type {HTMLInputElement | RadioNodeList | null} */ (form.elements.namedItem(name));
