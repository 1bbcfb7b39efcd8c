// @ts-check
/* The tooltip of a term: it can be hovered, and Escape closes it. */
import { find } from "../../js/dom.js";

/** @typedef {{ words: string, lang: string }} Line */
/** @typedef {{ title: Line, lines: Line[], avoid: string, note: string }} Explanation */

const BEFORE = 350; // ms
const AFTER = 200;

export class Tooltip {
  constructor() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Element | null} */
    this.element = null;
    this.box = document.createElement("div");
    this.box.className = "tip";
    this.box.setAttribute("role", "tooltip");
    this.box.hidden = true;
    this.box.addEventListener("mouseleave", (event) => this.leave(event.relatedTarget));
    find(document, "#main").append(this.box);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
    document.addEventListener("scroll", () => this.hide(), { passive: true });
  }

  /** @type {(element: Element, told: Explanation) => void} */
  soon(element, told) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => element.isConnected && this.show(element, told), BEFORE);
  }

  /** @type {(element: Element, told: Explanation) => void} */
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

  /** The pointer went to `target`: the box stays while it is on the term or on the box.
      @type {(target: EventTarget | null) => false} */
  leave(target) {
    clearTimeout(this.timer);
    const node = target instanceof Node ? target : null;
    if (this.box.contains(node) || this.element?.contains(node)) return false;
    this.timer = setTimeout(() => this.hide(), AFTER);
    return false;
  }

  hide() {
    clearTimeout(this.timer);
    this.box.hidden = true;
    this.element = null;
  }
}

/** @param {string} tag @param {string} words @param {string} [lang] */
function line(tag, words, lang = "") {
  const made = document.createElement(tag);
  if (lang) made.lang = lang;
  made.textContent = words;
  return made;
}
