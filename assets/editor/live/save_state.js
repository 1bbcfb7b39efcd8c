/* How things stand with what was written, in words: saving, saved when, offline. What changes every second is
   shown; what a person must know is also told to a screen reader. */

const PATIENCE = 400; // ms before "saving" is worth a word
const BLINK = 1500; // ms without connection before it is

const clock = (lang) => new Date().toLocaleTimeString(lang, { timeStyle: "medium", hourCycle: "h23" });

/** The state of a LiveText as a word. `waits`: its document has not come for a while. */
export function stateOf(live, { wasReady, waits }) {
  if (live.final) return "closed";
  if (!live.isConnected) {
    if (!wasReady) return waits ? "unreachable" : "opening";
    if (live.isSaved) return "offline";
    return live.unsaved.keeps ? "offline-kept" : "offline-here";
  }
  return live.isSaved ? "saved" : "saving";
}

/** Shows the state in `place`; `words` by state, "saved" with {time}; `announce(words)` for what matters. */
export class SaveStatus {
  constructor({ place, words, announce, lang }) {
    Object.assign(this, { place, words, announce, lang, state: "", timer: null });
  }

  tell(state) {
    if (state === this.coming) return;
    clearTimeout(this.timer);
    this.coming = state;
    if (this.place) this.place.dataset.now = state; // how things are, before it is worth a word
    const slow = { saving: PATIENCE, offline: BLINK, "offline-kept": BLINK, "offline-here": BLINK }[state];
    const goOn = slow && this.state.startsWith("offline") !== state.startsWith("offline");
    if (slow && (state === "saving" || goOn)) this.timer = setTimeout(() => this.show(state), slow);
    else this.show(state);
  }

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
