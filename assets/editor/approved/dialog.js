// @ts-check
/* The dialog that inserts text approved by others. The server inserts it: an approved block that a browser
   writes itself is refused. */
import { csrfToken } from "../../js/dom.js";
import { SearchedList } from "../search_list.js";

/** @import { Editor } from "@tiptap/core" */
/** @import { Selection } from "@tiptap/pm/state" */
/** @import { EditorPane } from "../editor_pane.js" */
/** @import { Page } from "../page.js" */
/** @import { Question } from "../types" */

const MOST_WAIT = 8000; // ms until what is written is saved: the place is counted in what the server has

/** For dialogs.js: `page` knows the text one is in.
    @type {(page: Page) => Question} */
export function approvedWordsDialog(page) {
  const list = new SearchedList({
    url: () => page.active.config.approved,
    rows: "versions",
    value: "id",
    ours: ["who"],
    lang: () => page.active.editor?.view.dom.lang ?? "",
  });
  return {
    wire: (dialog) => list.wire(dialog),
    opened: (dialog) => list.load(dialog),
    read: () => ({}),
    has: () => false,
    put: (editor, { version }) => version && send(page, editor, version),
  };
}

/**
 * The index of the block to insert before: the one after the cursor's block.
 * @type {(selection: Pick<Selection, "$to">) => number}
 */
export const placeIn = ({ $to }) => Math.max(2, $to.depth ? $to.index(0) + 1 : $to.index(0));

/** @type {(page: Page, editor: Editor, version: string) => Promise<void>} */
async function send(page, editor, version) {
  const pane = page.active;
  const place = placeIn(editor.state.selection);
  const body = new FormData();
  body.set("version", version);
  body.set("place", String(place));
  if (page.suggests) body.set("suggests", "");
  editor.commands.focus();
  try {
    if (!(await saved(pane))) throw new Error("not saved");
    const answer = await fetch(pane.config.approved, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrfToken() },
    });
    if (answer.ok) return page.announce(page.words.approved.done);
    page.say(answer.status === 422 ? (await answer.json()).why : page.words.refused.other);
  } catch {
    page.say(page.words.approved.failed);
  }
}

/** @type {(pane: EditorPane) => Promise<boolean>} */
async function saved(pane) {
  for (const end = Date.now() + MOST_WAIT; Date.now() < end;) {
    if (pane.live?.isSaved) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}
