// @ts-check
/* The save state in words: saving, saved at, offline. What changes every second is only shown; what a
   person must know is also announced to screen readers. */

/** @import { LiveText } from "./live_text.js" */

const PATIENCE = 400; // ms before "saving" is worth a word
const BLINK = 1500; // ms without connection before it is

/** @type {Record<string, number | undefined>} */
const DELAYS = { saving: PATIENCE, offline: BLINK, "offline-kept": BLINK, "offline-here": BLINK };

/** @type {(lang: string) => string} */
const clock = (lang) => new Date().toLocaleTimeString(lang, { timeStyle: "medium", hourCycle: "h23" });

/**
 * The state of a text as a word.
 * @param {LiveText} live
 * @param {{ wasReady: boolean, waits: boolean }} given `waits`: its document has not come for a while
 */
export function stateOf(live, { wasReady, waits }) {
  if (live.final) return "closed";
  if (!live.isConnected) {
    if (!wasReady) return waits ? "unreachable" : "opening";
    if (live.isSaved) return "offline";
    return live.unsaved.keeps ? "offline-kept" : "offline-here";
  }
  return live.isSaved ? "saved" : "saving";
}

export class SaveStatus {
  /**
   * @param {{ place: HTMLElement | null, words: Record<string, string>, announce: (words: string) => void,
   *   lang: string }} given `place`: where it is shown; `words` by state, "saved" with {time}; `announce` for what
   *   matters
   */
  constructor({ place, words, announce, lang }) {
    this.place = place;
    this.words = words;
    this.announce = announce;
    this.lang = lang;
    this.state = ""; // that is shown
    this.coming = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @type {(state: string) => void} */
  tell(state) {
    if (state === this.coming) return;
    clearTimeout(this.timer);
    this.coming = state;
    if (this.place) this.place.dataset.now = state; // how things are, before it is worth a word
    const slow = DELAYS[state];
    const goOn = slow && this.state.startsWith("offline") !== state.startsWith("offline");
    if (slow && (state === "saving" || goOn)) this.timer = setTimeout(() => this.show(state), slow);
    else this.show(state);
  }

  /** @type {(state: string) => void} */
  show(state) {
    const before = this.state;
    this.state = state;
    const said = this.words[state] ?? "";
    if (this.place) {
      this.place.dataset.state = state;
      this.place.textContent = said.replace("{time}", clock(this.lang));
    }
    const away = state.startsWith("offline");
    if (away !== before.startsWith("offline") && before && before !== "opening")
      this.announce(away ? said : this.words.back);
  }
}
