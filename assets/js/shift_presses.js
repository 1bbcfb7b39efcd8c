// @ts-check
/* Counts presses of the Shift key alone. Knows no page: safe_exit.js hands it the events and draws what it says.

   A press is Shift down and up with nothing between. Either Shift counts, also in turn or both at once. Shift
   with another key or with the pointer is typing, choosing words, or the switch between keyboard layouts
   (Alt+Shift, Ctrl+Shift): it counts as nothing, and the count begins anew. */
export const PRESSES = 3;
export const PAUSE = 5000; // milliseconds from one press to the next

const MODIFIERS = /** @type {const} */ (["altKey", "ctrlKey", "metaKey"]);

export class ShiftPresses {
  constructor() {
    this.count = 0;
    this.last = -Infinity; // when the last press ended, by the clock of events
    /** @type {Map<string, boolean>} */
    this.held = new Map(); // which Shift is down → whether it is down alone
  }

  /** A key went down. Returns the count after it.
      @type {(event: KeyboardEvent) => number} */
  down(event) {
    if (event.key !== "Shift" || isModified(event)) return this.interrupt();
    if (!event.repeat) this.held.set(event.code, !isOnScreen(event));
    return this.count;
  }

  /** A key came up. Returns the count after it: PRESSES when it was the last press.
      @type {(event: KeyboardEvent) => number} */
  up(event) {
    if (event.key !== "Shift") return this.count;
    const alone = this.held.get(event.code) && !isModified(event);
    this.held.delete(event.code);
    if (!alone) return this.count;
    this.count = event.timeStamp - this.last > PAUSE ? 1 : this.count + 1;
    this.last = event.timeStamp;
    return this.count;
  }

  /** The pointer pressed or scrolled: without Shift it is none of our business.
      @type {(event: MouseEvent) => number} */
  pointer(event) {
    return event.shiftKey ? this.interrupt() : this.count;
  }

  /** Something was used between or with Shift: a Shift that is down is a modifier. */
  interrupt() {
    for (const code of this.held.keys()) this.held.set(code, false);
    return this.restart();
  }

  /** Forget what is down: the window that sees keys come up is another one. */
  release() {
    this.held.clear();
    return this.count;
  }

  restart() {
    this.count = 0;
    this.last = -Infinity;
    return this.count;
  }
}

/** @type {(event: KeyboardEvent) => boolean} */
function isModified(event) {
  return MODIFIERS.some((name) => event[name]);
}

/** A keyboard on the screen sends a Shift of no place on the keyboard. In a field three of them are capital
   letters switched on and off again; a phone has the button.
    @type {(event: KeyboardEvent) => boolean} */
function isOnScreen(event) {
  const hasPlace = event.code === "ShiftLeft" || event.code === "ShiftRight";
  return (
    !hasPlace &&
    Boolean(
      /** @type {Element | null} */ (event.target)?.closest?.("input, textarea, select, [contenteditable]"),
    )
  );
}
