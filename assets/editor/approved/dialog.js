/* The dialog that takes words over which others approved. The server puts them in: what a browser would write
   itself under that name is refused. */
import { searchedList } from "../search_list.js";

const MOST_WAIT = 8000; // ms until what is written is saved: the place is counted in what the server has

const token = () => JSON.parse(document.body.getAttribute("data-hx-headers"))["X-CSRFToken"];

/** For dialogs.js: `page` knows the text one is in. */
export const approvedWordsDialog = (page) => ({
  ...searchedList({
    url: () => page.active.config.approved,
    rows: "versions",
    value: "id",
    ours: ["who"],
    lang: () => page.active.editor.view.dom.lang,
  }),
  read: () => ({}),
  has: () => false,
  put: (editor, { version }) => version && send(page, editor, version),
});

/** Before which block of the text they go in: behind the one that the cursor is in. */
export const placeIn = ({ $to }) => Math.max(2, $to.depth ? $to.index(0) + 1 : $to.index(0));

async function send(page, editor, version) {
  const pane = page.active;
  const place = placeIn(editor.state.selection);
  const body = new FormData();
  body.set("version", version);
  body.set("place", place);
  if (page.suggests) body.set("suggests", "");
  editor.commands.focus();
  try {
    if (!(await saved(pane))) throw new Error("not saved");
    const answer = await fetch(pane.config.approved, { method: "POST", body, headers: { "X-CSRFToken": token() } });
    if (answer.ok) return page.announce(page.words.approved.done);
    page.say(answer.status === 422 ? (await answer.json()).why : page.words.refused.other);
  } catch {
    page.say(page.words.approved.failed);
  }
}

async function saved(pane) {
  for (const end = Date.now() + MOST_WAIT; Date.now() < end; ) {
    if (pane.live?.isSaved) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}
