/* Dialogs that ask for what cannot be typed into the text: an address, a picture, the words of a
   footnote. They are ordinary <dialog data-editor-dialog="…"> of the page, with its language. */
import { approvedWordsDialog } from "./approved/dialog.js";
import { factDialog } from "./fact_dialog.js";
import { typedLink } from "./links.js";

/* What each dialog reads from the text when it opens, and puts there when it is confirmed. */
const questions = ({ files, page }) => ({
  approved: approvedWordsDialog(page),
  link: {
    read: (editor) => ({ href: editor.getAttributes("link").href ?? "" }),
    check: ({ href }) => (typedLink(href) ? null : "href"),
    put: (editor, { href }) => {
      const chain = editor.chain().focus().extendMarkRange("link");
      const address = typedLink(href);
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

const selected = (editor, name) => editor.state.selection.node?.type.name === name;

function atom(name, fields) {
  return {
    read: (editor) => (selected(editor, name) ? editor.state.selection.node.attrs : {}),
    put: (editor, values) =>
      insert(editor, name, Object.fromEntries(fields.map((field) => [field, values[field]]))),
    remove: (editor) => editor.chain().focus().deleteSelection().run(),
    has: (editor) => selected(editor, name),
  };
}

function insert(editor, type, attrs) {
  if (selected(editor, type)) return editor.chain().focus().updateAttributes(type, attrs).run();
  return editor.chain().focus().insertContent({ type, attrs }).run();
}

/** Wires the dialogs that the page has; `editor()` is the one that is asked for, `files()` its pictures.
    Returns `ask(name)`. */
export function wireDialogs({ editor, files, page }) {
  const all = questions({ files, page });
  const dialogs = new Map();
  for (const dialog of document.querySelectorAll("[data-editor-dialog]")) {
    const name = dialog.dataset.editorDialog;
    dialogs.set(name, dialog);
    wire(dialog, all[name], editor);
  }
  return (name) => {
    const dialog = dialogs.get(name);
    if (dialog) open(dialog, all[name], editor());
  };
}

function open(dialog, question, editor) {
  const form = dialog.querySelector("form");
  form.reset();
  for (const [name, value] of Object.entries(question.read(editor))) {
    const field = form.elements[name];
    if (field && value) field.value = value;
  }
  dialog.querySelector("[data-remove]").hidden = !question.has(editor);
  dialog.showModal();
  question.opened?.(dialog);
}

function wire(dialog, question, editor) {
  const form = dialog.querySelector("form");
  question.wire?.(dialog);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    const wrong = question.check?.(values);
    if (wrong) {
      const field = form.elements[wrong];
      field.setCustomValidity(field.dataset.wrong);
      field.reportValidity();
      field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
      return;
    }
    dialog.close();
    if (editor()) question.put(editor(), values);
  });
  dialog.querySelector("[data-remove]").addEventListener("click", () => {
    dialog.close();
    if (editor()) question.remove(editor());
  });
  // A picture comes with its description and credit; the person may change them for this text.
  if (question.chosen) {
    form.addEventListener("change", ({ target }) => {
      const file = target.name === "id" && question.chosen(target.value);
      if (!file) return;
      for (const field of ["alt", "caption", "credit"]) form.elements[field].value = file[field] ?? "";
    });
  }
}
