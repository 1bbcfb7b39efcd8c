/* Mounts the editor on <div data-editor> of templates/components/editor.html. If anything is in the
   text that the editor does not know, it does not mount and says so: no words are lost in silence. */
import { Editor, Extension } from "@tiptap/core";
import { Dropcursor, Gapcursor, Placeholder, UndoRedo } from "@tiptap/extensions";

import { atoms } from "./atoms.js";
import { keys } from "./commands.js";
import { wireDialogs } from "./dialogs.js";
import { Saving } from "./saving.js";
import { textSchema } from "./schema.js";
import { wireToolbar } from "./toolbar.js";

const json = (id) => JSON.parse(document.getElementById(id)?.textContent || "[]");

function create({ root, paper, content, files, onBroken }) {
  const { label, placeholder, language, footnote, source } = root.dataset;
  return new Editor({
    element: paper,
    injectCSS: false, // the page's policy allows no style element; assets/css/desk/editor.css has the rules
    content,
    enableContentCheck: true,
    emitContentError: true,
    onContentError: onBroken,
    extensions: [
      ...textSchema,
      ...atoms({ files, labels: { footnote, source } }),
      UndoRedo,
      Gapcursor,
      Dropcursor,
      Placeholder.configure({ placeholder }),
      Extension.create({ name: "keys", priority: 1000, addKeyboardShortcuts: () => keys }),
    ],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label,
        lang: language,
        spellcheck: "true",
      },
    },
  });
}

function mount(root) {
  const body = document.querySelector(root.dataset.contentFrom);
  const paper = root.querySelector("[data-editor-paper]");
  const form = body.form;
  const files = json(root.dataset.filesFrom);
  let broken = false;
  const onBroken = () => {
    broken = true;
  };
  let editor;
  try {
    editor = create({
      root,
      paper,
      content: JSON.parse(body.value || '{"type":"doc","content":[{"type":"paragraph"}]}'),
      files,
      onBroken,
    });
  } catch {
    broken = true;
  }
  if (broken) {
    editor?.destroy();
    root.querySelector("[data-broken]").hidden = false;
    return;
  }

  paper.hidden = false;
  root.querySelector("[data-editor-save]").hidden = false;
  root.dataset.ready = "";
  // The plain field was only for a page without script; left out, the server takes the text from `body`.
  for (const field of form.querySelectorAll("[data-editor-plain] textarea")) field.disabled = true;

  const saving = new Saving({
    form,
    body,
    state: root.querySelector("[data-state]"),
    read: () => JSON.stringify(editor.getJSON()),
  });
  const ask = wireDialogs({ editor, files, facts: json(root.dataset.factsFrom) });
  wireToolbar({ toolbar: root.querySelector("[role=toolbar]"), editor, ask });
  editor.on("update", () => saving.refresh());

  // A footnote, a fact, a gap or a picture is changed by Enter or by a double press on it.
  const change = () => {
    const name = editor.state.selection.node?.type.name;
    if (name) ask(name);
    return Boolean(name);
  };
  editor.setOptions({
    editorProps: {
      ...editor.options.editorProps,
      handleDoubleClickOn: change,
      handleKeyDown: (_view, event) => event.key === "Enter" && change(),
    },
  });
}

for (const root of document.querySelectorAll("[data-editor]")) mount(root);
