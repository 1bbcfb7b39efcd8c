/* Who is here: a circle with the square of the organisation for everyone in the text, and whether they write
   or read. Coming and going is told to a screen reader once they have settled. */

const MOST = 6;
const SETTLED = 1500; // ms

/** Everyone else in the text: [{person, organisation, writes}], each once. */
export function here(awareness, me) {
  const found = new Map();
  awareness.getStates().forEach((state) => {
    const { person, organisation } = state.user ?? {};
    if (!person || (person === me.person && organisation === me.organisation)) return;
    const key = `${person} ${organisation}`;
    found.set(key, { person, organisation, writes: found.get(key)?.writes || Boolean(state.cursor) });
  });
  return [...found.values()];
}

/** Draws them into `list`; `words`: {reads, writes, more} with {person} and {organisation}, {count}. */
export function wirePresence({ list, awareness, people, me, words }) {
  let timer = null;
  const draw = () => {
    timer = null;
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

function rest(count, words) {
  const item = document.createElement("li");
  item.className = "muted";
  item.textContent = words.more.replace("{count}", String(count));
  return item;
}
