/* Safe exit: away at once, by a link or by Shift pressed three times (shift_presses.js). The page's own entry
   in the history is replaced, so that "back" does not lead here. Without script the links are plain ones. */
import { PAUSE, PRESSES, ShiftPresses } from "./shift_presses.js";

export function wireExit() {
  const exit = document.querySelector("[data-exit]");
  if (exit) new SafeExit(exit).wire();
}

class SafeExit {
  constructor(exit) {
    this.link = exit.querySelector("[data-safe-exit]");
    this.hint = exit.querySelector("[data-exit-hint]");
    this.lights = exit.querySelector("[data-exit-lights]");
    this.status = exit.querySelector("[data-exit-status]");
    this.words = exit.dataset;
    this.presses = new ShiftPresses();
    this.title = document.title;
    this.shown = 0; // how many presses the page tells
  }

  wire() {
    this.hint.hidden = false;
    document.addEventListener("click", (event) => this.onClick(event));
    // In the capture phase: nothing on the page can keep a key from being seen here.
    document.addEventListener("keydown", (event) => this.tell(this.presses.down(event)), true);
    document.addEventListener("keyup", (event) => this.tell(this.presses.up(event)), true);
    for (const kind of ["pointerdown", "wheel"])
      document.addEventListener(kind, () => this.tell(this.presses.interrupt()), { capture: true, passive: true });
    window.addEventListener("blur", () => this.presses.release());
    // A page that the browser kept in memory comes back as it was left: covered. The first showing may come
    // after somebody has left already, since pictures are slow: that one uncovers nothing.
    window.addEventListener("pageshow", (event) => event.persisted && this.reset());
  }

  onClick(event) {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!isPlain || !event.target.closest?.("[data-safe-exit]")) return;
    event.preventDefault();
    this.leave();
  }

  tell(count) {
    if (count === this.shown) return;
    this.shown = count;
    clearTimeout(this.timer);
    this.lights.hidden = count === 0;
    [...this.lights.children].forEach((light, number) => light.toggleAttribute("data-on", number < count));
    if (count >= PRESSES) {
      this.leave();
      return;
    }
    this.status.textContent = [this.words.exitExpired, this.words.exitTwo, this.words.exitOne][count];
    this.timer = setTimeout(() => (count ? this.tell(this.presses.restart()) : this.hush()), PAUSE);
  }

  hush() {
    this.status.textContent = "";
  }

  leave() {
    this.hush();
    document.title = this.words.exitLeaving;
    document.documentElement.toggleAttribute("data-leaving", true);
    this.cover = document.createElement("div");
    this.cover.className = "exit-cover";
    this.cover.setAttribute("role", "alert");
    document.body.append(this.cover);
    this.cover.textContent = this.words.exitLeaving; // once it is there: then it is spoken
    window.location.replace(this.link.href);
  }

  reset() {
    this.cover?.remove();
    document.documentElement.removeAttribute("data-leaving");
    document.title = this.title;
    this.presses.release();
    this.tell(this.presses.restart());
    clearTimeout(this.timer);
    this.hush();
  }
}
