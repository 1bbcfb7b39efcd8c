/* The dialog that puts a fact of the register into the text: its words and source in the text's language, with
   the version they are from. */
import { searchedList } from "./search_list.js";

/** For dialogs.js: `page` knows the text one is in, `put` puts a node into it. */
export const factDialog = (page, { remove, has, put }) => ({
  ...searchedList({
    url: () => page.active.config.facts,
    rows: "facts",
    value: "id",
    ours: ["state"],
    lang: () => page.active.editor.view.dom.lang,
  }),
  read: () => ({}),
  has,
  remove,
  put(editor, { id }) {
    const found = this.found.get(id);
    if (found) put(editor, { id, words: found.words, source: found.source });
  },
});
