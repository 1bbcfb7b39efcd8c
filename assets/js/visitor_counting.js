// @ts-check
/* Counts visitors: a tap counts on the screen at once and stays on the phone until the server has
   answered; its own id makes sending twice count once. Without script each tap is a form. */
import { find, findAll } from "./dom.js";

const SOON = 15_000; // until the next try while something waits
const PATIENCE = 15_000;
const TOGETHER = 200; // taps in one request

/**
 * A press on one of the buttons. `mark`: an id of its own; `at`: milliseconds by the phone's clock.
 * @typedef {{ mark: string, group: string, number: number, at: number }} Tap
 */

const form = find(document, "#counting", HTMLFormElement);
const words = JSON.parse(document.querySelector("#counting-words")?.textContent ?? "{}");
/** @type {(id: string) => HTMLElement} */
const part = (id) => find(document, `#${id}`);
const key = `coalition-counting:${form.dataset.key}`;
let talking = false;

/**
 * What was pressed and is not answered yet: of every page of this link on the phone.
 * @returns {Tap[]}
 */
function queued() {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "[]");
  } catch {
    return [];
  }
}

/** @type {(taps: Tap[]) => void} */
function keep(taps) {
  if (taps.length) localStorage.setItem(key, JSON.stringify(taps));
  else localStorage.removeItem(key);
}

function draw() {
  const waiting = queued();
  for (const output of findAll(form, "output", HTMLOutputElement)) {
    const own = waiting.filter(({ group }) => group === output.dataset.group);
    const sum = own.reduce((total, { number }) => total + number, Number(output.dataset.said));
    output.textContent = String(Math.max(0, sum));
  }
  part("waiting").textContent = waiting.length
    ? words.waiting.replace("{number}", waiting.length)
    : words.sent;
}

/** @type {(sentence: string) => void} */
function notice(sentence) {
  const box = part("notice");
  box.hidden = !sentence;
  find(box, ".notice > :last-child").textContent = sentence;
}

async function talk() {
  if (talking) return;
  talking = true;
  try {
    while (queued().length) if (!(await send(queued().slice(0, TOGETHER)))) return;
    part("line").textContent = words.online;
  } catch {
    part("line").textContent = words.offline;
  } finally {
    talking = false;
    draw();
  }
}

/** Whether the server took the taps; what it did not take stays for the next try.
    @type {(taps: Tap[]) => Promise<boolean>} */
async function send(taps) {
  const said = await fetch(String(form.dataset.taps), {
    method: "POST",
    headers: {
      "X-CSRFToken": find(form, "[name=csrfmiddlewaretoken]", HTMLInputElement).value,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ clock: Date.now(), taps }),
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (said.type === "opaqueredirect" || said.status === 403) {
    notice(words.signed_out);
    return false;
  }
  if (said.status === 410) {
    keep([]);
    notice(words.ended);
    return false;
  }
  if (said.status === 422 || said.status === 429) {
    notice((await said.json()).why);
    return false;
  }
  if (!said.ok) throw new Error(said.statusText);
  /** @type {{ answers: { mark: string, words?: string }[], numbers: Record<string, string> }} */
  const { answers, numbers } = await said.json();
  const answered = new Set(answers.map(({ mark }) => mark));
  keep(queued().filter(({ mark }) => !answered.has(mark)));
  for (const output of findAll(form, "output", HTMLOutputElement))
    output.dataset.said = numbers[output.dataset.group ?? ""];
  notice(answers.find((one) => one.words)?.words ?? "");
  return true;
}

/** @type {(event: SubmitEvent) => void} */
function pressed(event) {
  const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
  const [group, number] = button?.value.split(":") ?? [];
  if (!number) return;
  event.preventDefault();
  keep([...queued(), { mark: crypto.randomUUID(), group, number: Number(number), at: Date.now() }]);
  navigator.vibrate?.(30);
  draw();
  talk();
}

if (window.localStorage && "randomUUID" in crypto) {
  form.addEventListener("submit", pressed);
  window.addEventListener("online", talk);
  window.addEventListener("storage", draw);
  setInterval(talk, SOON);
  draw();
  talk();
}
