// @ts-check
/* The dialog that inserts a fact of the register: its text and source in the text's language, with the
   version they are from. */
import { SearchedList } from "./search_list.js";

/** @import { Page } from "./page.js" */
/** @import { Question } from "./types" */

/** For dialogs.js: `page` knows the text one is in, `put` puts a node into it.
    @type {(page: Page, node: Pick<Question, "remove" | "has" | "put">) => Question} */
export function factDialog(page, { remove, has, put }) {
  const list = new SearchedList({
    url: () => page.active.config.facts,
    rows: "facts",
    value: "id",
    ours: ["state"],
    lang: () => page.active.editor?.view.dom.lang ?? "",
  });
  return {
    wire: (dialog) => list.wire(dialog),
    opened: (dialog) => list.load(dialog),
    read: () => ({}),
    has,
    remove,
    put(editor, { id }) {
      const found = list.found.get(id);
      if (found) put(editor, { id, words: found.words, source: found.source });
    },
  };
}
