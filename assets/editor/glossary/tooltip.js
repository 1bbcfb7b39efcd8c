/* What a term means, in a small box at the term: it can be pointed at, and Escape closes it. */

const BEFORE = 350; // ms
const AFTER = 200;

export class Tooltip {
  constructor() {
    this.box = document.createElement("div");
    this.box.className = "tip";
    this.box.setAttribute("role", "tooltip");
    this.box.hidden = true;
    this.box.addEventListener("mouseleave", (event) => this.leave(event.relatedTarget));
    document.getElementById("main").append(this.box);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
    document.addEventListener("scroll", () => this.hide(), { passive: true });
  }

  soon(element, told) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => element.isConnected && this.show(element, told), BEFORE);
  }

  show(element, { title, lines, avoid, note }) {
    this.element = element;
    this.box.replaceChildren(
      line("b", title.words, title.lang),
      ...lines.map(({ words, lang }) => line("span", words, lang)),
      ...[avoid, note].filter(Boolean).map((words) => line("small", words)),
    );
    this.box.hidden = false;
    const place = element.getClientRects()[0];
    const { width, height } = this.box.getBoundingClientRect();
    const left = Math.max(8, Math.min(place.left, window.innerWidth - width - 8));
    const above = place.bottom + height + 12 > window.innerHeight;
    this.box.style.left = `${left}px`;
    this.box.style.top = `${above ? place.top - height - 4 : place.bottom + 4}px`;
  }

  /** The pointer went to `target`: the box stays while it is on the term or on the box. */
  leave(target) {
    clearTimeout(this.timer);
    if (this.box.contains(target) || this.element?.contains(target)) return false;
    this.timer = setTimeout(() => this.hide(), AFTER);
    return false;
  }

  hide() {
    clearTimeout(this.timer);
    this.box.hidden = true;
    this.element = null;
  }
}

function line(tag, words, lang = "") {
  const made = document.createElement(tag);
  if (lang) made.lang = lang;
  made.textContent = words;
  return made;
}
