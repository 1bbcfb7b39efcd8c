/** What is said of a code: by colour, by word, by sound and by shaking. */
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
const SHAKES = { here: [70], before: [70, 90, 70], no: [400] };
const KINDS = { here: "here", before: "before", taken_back: "back" };

let audio;

function play(kind) {
  navigator.vibrate?.(SHAKES[kind] ?? []);
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

/** Show it. `said`: the kind of answer; the rest is words. */
export function show(part, { said, word, why }) {
  const kind = KINDS[said] ?? "no";
  part.dataset.kind = kind;
  part.querySelector(".door__word").textContent = word;
  part.querySelector(".door__why").textContent = why;
  play(kind);
}
