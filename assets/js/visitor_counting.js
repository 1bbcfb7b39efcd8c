/* Counting visitors: a tap counts on the screen at once, waits on the phone until the server has answered it, and
   goes with an id of its own, so that what is sent twice counts once. Without script each tap is a form. */
const SOON = 15_000; // until the next try while something waits
const PATIENCE = 15_000;
const TOGETHER = 200; // taps in one request

const form = document.querySelector("#counting");
const words = JSON.parse(document.querySelector("#counting-words")?.textContent ?? "{}");
const part = (id) => document.querySelector(`#${id}`);
const key = `coalition-counting:${form?.dataset.key}`;
let talking = false;

/** What was pressed and is not answered yet: of every page of this link on the phone. */
function queued() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

function keep(taps) {
  if (taps.length) localStorage.setItem(key, JSON.stringify(taps));
  else localStorage.removeItem(key);
}

function draw() {
  const waiting = queued();
  for (const output of form.querySelectorAll("output")) {
    const own = waiting.filter(({ group }) => group === output.dataset.group);
    const sum = own.reduce((total, { number }) => total + number, Number(output.dataset.said));
    output.textContent = String(Math.max(0, sum));
  }
  part("waiting").textContent = waiting.length ? words.waiting.replace("{number}", waiting.length) : words.sent;
}

function notice(sentence) {
  const box = part("notice");
  box.hidden = !sentence;
  box.querySelector(".notice > :last-child").textContent = sentence;
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

/** Whether the server took the taps; what it did not take stays for the next try. */
async function send(taps) {
  const said = await fetch(form.dataset.taps, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "Content-Type": "application/json" },
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
  const { answers, numbers } = await said.json();
  const answered = new Set(answers.map(({ mark }) => mark));
  keep(queued().filter(({ mark }) => !answered.has(mark)));
  for (const output of form.querySelectorAll("output")) output.dataset.said = numbers[output.dataset.group];
  notice(answers.find((one) => one.words)?.words ?? "");
  return true;
}

function pressed(event) {
  const [group, number] = event.submitter?.value.split(":") ?? [];
  if (!number) return;
  event.preventDefault();
  keep([...queued(), { mark: crypto.randomUUID(), group, number: Number(number), at: Date.now() }]);
  navigator.vibrate?.(30);
  draw();
  talk();
}

if (form && window.localStorage && crypto.randomUUID) {
  form.addEventListener("submit", pressed);
  window.addEventListener("online", talk);
  window.addEventListener("storage", draw);
  setInterval(talk, SOON);
  draw();
  talk();
}
