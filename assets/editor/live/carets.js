// @ts-check
/* Other people's carets: in the colour of their organisation, with a name flag that shows for a moment
   when they move. Classes and a hue attribute only: the page's policy allows no inline style. */
import { Extension } from "@tiptap/core";
import { yCursorPlugin } from "@tiptap/y-tiptap";

/** @import { Awareness } from "y-protocols/awareness" */
/** @import { Author } from "../types" */
/** @import { People } from "./people.js" */

/**
 * A caret that is drawn. `timer` ends the time for which its flag shows.
 * @typedef {{ flag: HTMLElement, caret: HTMLElement, user: Author, timer?: ReturnType<typeof setTimeout> }} Flag
 */

const FLAG_STAYS = 4000; // ms after somebody's last move

/** @type {(name: string) => string} */
const first = (name) => name.split(/\s+/)[0];

/** @typedef {{ awareness: Awareness | null, people: People | null }} CaretsOptions */

export const Carets = Extension.create({
  name: "carets",
  addOptions: () => /** @type {CaretsOptions} */ ({ awareness: null, people: null }),

  addProseMirrorPlugins() {
    const { awareness, people } = this.options;
    if (!awareness || !people) return [];
    /** @type {Map<number, Flag>} */
    const flags = new Map(); // client → {flag, user, timer}
    /** @type {(entry: Flag) => void} */
    const write = ({ flag, caret, user }) => {
      const look = people.look(user.person, user.organisation);
      caret.dataset.hue = look.hue;
      flag.textContent = [first(look.name), look.organisation].filter(Boolean).join(" · ");
    };
    /** @type {(client: number) => void} */
    const show = (client) => {
      const entry = flags.get(client);
      if (!entry) return;
      entry.caret.classList.add("caret--moved");
      clearTimeout(entry.timer);
      entry.timer = setTimeout(() => entry.caret.classList.remove("caret--moved"), FLAG_STAYS);
    };
    /** @type {(change: { updated: number[] }, origin: unknown) => void} */
    const moved = ({ updated }, origin) => {
      if (origin !== "local") for (const client of updated) show(client);
    };
    const stop = people.onChange(() => flags.forEach(write));
    awareness.on("change", moved);
    this.editor.on("destroy", () => {
      stop();
      awareness.off("change", moved);
    });
    return [
      yCursorPlugin(awareness, {
        cursorBuilder(/** @type {Author} */ user, client) {
          const caret = document.createElement("span");
          caret.className = "caret";
          caret.setAttribute("aria-hidden", "true"); // who is here is told in the list of people
          const flag = caret.appendChild(document.createElement("span"));
          /** @type {Flag} */
          const entry = { flag, caret, user, timer: flags.get(client)?.timer };
          flags.set(client, entry);
          write(entry);
          show(client);
          return caret;
        },
        selectionBuilder: (/** @type {Author} */ user) => ({
          class: "selected",
          "data-hue": people.look(user.person, user.organisation).hue,
        }),
      }),
    ];
  },
});
