// @ts-check
/* The answer to a code: by colour, by word, by sound and by vibration. */
import { find } from "../dom.js";

/**
 * Tones one after another: hertz, seconds.
 * @type {Record<string, [pitch: number, length: number][]>}
 */
const SOUNDS = {
  here: [
    [660, 0.09],
    [990, 0.16],
  ],
  before: [
    [520, 0.12],
    [520, 0.12],
  ],
  no: [[180, 0.45]],
};
/** @type {Record<string, number[]>} */
const VIBRATIONS = { here: [70], before: [70, 90, 70], no: [400] };
/** @type {Record<string, string>} */
const KINDS = { here: "here", before: "before", taken_back: "back" };

/** @type {AudioContext | undefined} */
let audio;

/** @type {(kind: string) => void} */
function play(kind) {
  navigator.vibrate?.(VIBRATIONS[kind] ?? []);
  const Sound = window.AudioContext;
  if (!Sound || !SOUNDS[kind]) return;
  audio ??= new Sound();
  let from = audio.currentTime;
  for (const [pitch, length] of SOUNDS[kind]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + length);
    from += length + 0.04;
  }
}

/**
 * Shows it.
 * @param {HTMLElement} part
 * @param {{ said: string, word: string, why: string }} answer `said`: the kind of answer; the rest is text
 */
export function show(part, { said, word, why }) {
  const kind = KINDS[said] ?? "no";
  part.dataset.kind = kind;
  find(part, ".door__word").textContent = word;
  find(part, ".door__why").textContent = why;
  play(kind);
}
