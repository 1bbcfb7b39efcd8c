/** A part of the page with `data-live="topic topic"` is told when there is something new and asks for
    itself again: it gets the event `live`, which its `hx-trigger` waits for. Content never travels here.
    Where no socket stands, it asks every minute. Nothing is asked while somebody types in the part, or
    while the page is not looked at; it is made up for afterwards. */
const SETTLE = 300;
const POLL = 60_000;
const AGAIN = [1000, 3000, 10_000, 30_000];
const FINAL = 4400; // from here on the server does not want to be asked again

let socket;
let tries = 0;
let timer;
let missed = false;

const parts = () => [...document.querySelectorAll("[data-live]")];
const topics = () => [...new Set(parts().flatMap((part) => part.dataset.live.split(" ").filter(Boolean)))];

function isBusy(part) {
  const focused = document.activeElement;
  return document.hidden || (part.contains(focused) && focused.matches("input, select, textarea"));
}

function refresh() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    missed = false;
    for (const part of parts()) {
      if (isBusy(part)) missed = true;
      else part.dispatchEvent(new CustomEvent("live"));
    }
  }, SETTLE);
}

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/ws/live/`);
  socket.addEventListener("open", () => {
    if (tries) refresh(); // what happened meanwhile
    tries = 0;
    for (const topic of topics()) socket.send(JSON.stringify({ subscribe: topic }));
  });
  socket.addEventListener("message", ({ data }) => {
    if (JSON.parse(data).topic) refresh();
  });
  socket.addEventListener("close", ({ code }) => {
    socket = undefined;
    if (code >= FINAL) return;
    setTimeout(connect, AGAIN[Math.min(tries, AGAIN.length - 1)]);
    tries += 1;
  });
}

export function wireLive() {
  if (!topics().length) return;
  connect();
  setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) refresh();
  }, POLL);
  for (const name of ["visibilitychange", "focusout"]) {
    document.addEventListener(name, () => missed && refresh());
  }
}
