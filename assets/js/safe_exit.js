// @ts-check
/* Safe exit: leave the page at once, by a link or by pressing Shift three times (shift_presses.js). The
   page's history entry is replaced, so that "back" does not lead here. Without script the links are plain
   ones. */
import { PAUSE, PRESSES, ShiftPresses } from "./shift_presses.js";
import { closest, find, findOptional } from "./dom.js";

export function wireSafeExit() {
  const exit = findOptional(document, "[data-exit]");
  if (exit) new SafeExit(exit).wire();
}

class SafeExit {
  /** @param {HTMLElement} exit */
  constructor(exit) {
    this.link = find(exit, "[data-safe-exit]", HTMLAnchorElement);
    this.hint = find(exit, "[data-exit-hint]");
    this.lights = find(exit, "[data-exit-lights]");
    this.status = find(exit, "[data-exit-status]");
    this.words = exit.dataset;
    this.leaving = this.words.exitLeaving ?? "";
    this.presses = new ShiftPresses();
    this.title = document.title;
    this.shown = 0; // how many presses the page shows
    /** @type {HTMLElement | null} */
    this.cover = null;
  }

  wire() {
    this.hint.hidden = false;
    document.addEventListener("click", (event) => this.onClick(event));
    // In the capture phase: nothing on the page can keep a key from being seen here.
    document.addEventListener("keydown", (event) => this.show(this.presses.down(event)), true);
    document.addEventListener("keyup", (event) => this.show(this.presses.up(event)), true);
    for (const kind of /** @type {const} */ (["pointerdown", "wheel"]))
      document.addEventListener(kind, (event) => this.show(this.presses.pointer(event)), {
        capture: true,
        passive: true,
      });
    window.addEventListener("blur", () => this.presses.release());
    // A page that the browser kept in memory comes back as it was left: covered. The first showing may come
    // after somebody has left already, since pictures are slow: that one uncovers nothing.
    window.addEventListener("pageshow", (event) => event.persisted && this.reset());
  }

  /** @type {(event: MouseEvent) => void} */
  onClick(event) {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!isPlain || !closest(event, "[data-safe-exit]")) return;
    event.preventDefault();
    this.leave();
  }

  /** @type {(count: number) => void} */
  show(count) {
    if (count === this.shown) return;
    this.shown = count;
    clearTimeout(this.timer);
    this.lights.hidden = count === 0;
    for (const [number, light] of this.lights.querySelectorAll("circle").entries())
      light.toggleAttribute("data-on", number < count);
    if (count >= PRESSES) {
      this.leave();
      return;
    }
    this.status.textContent = [this.words.exitExpired, this.words.exitTwo, this.words.exitOne][count] ?? "";
    this.timer = setTimeout(() => (count ? this.show(this.presses.restart()) : this.clearStatus()), PAUSE);
  }

  clearStatus() {
    this.status.textContent = "";
  }

  leave() {
    this.clearStatus();
    document.title = this.leaving;
    document.documentElement.toggleAttribute("data-leaving", true);
    this.cover ??= this.drawCover();
    window.location.replace(this.link.href);
  }

  drawCover() {
    const cover = document.createElement("div");
    cover.className = "exit-cover";
    cover.setAttribute("role", "alert");
    document.body.append(cover);
    cover.textContent = this.leaving; // once it is there: then it is spoken
    return cover;
  }

  reset() {
    this.cover?.remove();
    this.cover = null;
    document.documentElement.removeAttribute("data-leaving");
    document.title = this.title;
    this.presses.release();
    this.show(this.presses.restart());
    clearTimeout(this.timer);
    this.clearStatus();
  }
}
