// @ts-check
/* The list of people in the text: a circle with the organisation's square each, and whether they write or
   read. Arrivals and departures are announced to screen readers once they have settled. */

/** @import { Awareness } from "y-protocols/awareness" */
/** @import { Author, PeopleWords } from "../types" */
/** @import { People } from "./people.js" */

/** @typedef {Author & { writes: boolean }} Present */

const MOST = 6;
const SETTLED = 1500; // ms

/** Everyone else in the text: [{person, organisation, writes}], each once.
    @type {(awareness: Awareness, me: Author) => Present[]} */
export function here(awareness, me) {
  /** @type {Map<string, Present>} */
  const found = new Map();
  awareness.getStates().forEach((state) => {
    const { person, organisation } = state.user ?? {};
    if (!person || (person === me.person && organisation === me.organisation)) return;
    const key = `${person} ${organisation}`;
    found.set(key, { person, organisation, writes: found.get(key)?.writes || Boolean(state.cursor) });
  });
  return [...found.values()];
}

/**
 * Draws them into `list`.
 * @param {{ list: HTMLElement, awareness: Awareness, people: People, me: Author, words: PeopleWords }} given `words`
 *   with {person}, {organisation} and {count}
 * @returns {() => void} stops it
 */
export function wirePresence({ list, awareness, people, me, words }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const draw = () => {
    timer = undefined;
    const all = here(awareness, me);
    list.replaceChildren(...all.slice(0, MOST).map((one) => circle(one, people, words)));
    if (all.length > MOST) list.append(rest(all.length - MOST, words));
    list.hidden = all.length === 0;
  };
  const soon = () => {
    timer ??= setTimeout(draw, list.childElementCount ? SETTLED / 10 : 0);
  };
  awareness.on("change", soon);
  const stop = people.onChange(soon);
  soon();
  return () => {
    clearTimeout(timer);
    awareness.off("change", soon);
    stop();
    list.replaceChildren();
    list.hidden = true;
  };
}

/** @type {(one: Present, people: People, words: PeopleWords) => HTMLElement} */
function circle({ person, organisation, writes }, people, words) {
  const look = people.look(person, organisation);
  const item = document.createElement("li");
  const mark = item.appendChild(document.createElement("span"));
  mark.className = writes ? "person person--writes" : "person";
  mark.dataset.hue = look.hue;
  mark.setAttribute("role", "img");
  const told = (writes ? words.writes : words.reads)
    .replace("{person}", look.name)
    .replace("{organisation}", look.organisation);
  mark.setAttribute("aria-label", told);
  mark.title = told;
  mark.textContent = look.initials;
  return item;
}

/** @type {(count: number, words: PeopleWords) => HTMLElement} */
function rest(count, words) {
  const item = document.createElement("li");
  item.className = "muted";
  item.textContent = words.more.replace("{count}", String(count));
  return item;
}
