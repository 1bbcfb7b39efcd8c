/** Waking this browser without a page: the part `data-push` of a person's settings turns it on and off.
    Everywhere else, a browser that was allowed before says once a session that it is still there. */
const SCOPE = "/workspaces/";

const canBeWoken = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const token = () => JSON.parse(document.body.getAttribute("data-hx-headers"))["X-CSRFToken"];

async function send(address, subscription) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": token() },
    body: new URLSearchParams({ address: subscription.endpoint }),
  });
  return answer.ok && (await answer.json()).on;
}

async function subscribed() {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return registration?.pushManager.getSubscription();
}

function bytes(key) {
  const plain = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function allow(part) {
  const { key, worker, allow: address } = part.dataset;
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  await navigator.serviceWorker.register(worker, { scope: SCOPE });
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(key),
  });
  return (await send(address, subscription)) ? "on" : "failed";
}

async function stop(part) {
  const subscription = await subscribed();
  if (subscription) {
    await send(part.dataset.stop, subscription);
    await subscription.unsubscribe();
  }
  return "off";
}

async function stateOf(part) {
  if (Notification.permission === "denied") return "denied";
  const subscription = await subscribed();
  return subscription && (await send(part.dataset.renew, subscription)) ? "on" : "off";
}

function show(part, state) {
  for (const words of part.querySelectorAll("[data-push-state]")) {
    words.hidden = words.dataset.pushState !== state;
  }
  part.querySelector("[data-push-allow]").hidden = !["off", "failed"].includes(state);
  part.querySelector("[data-push-stop]").hidden = state !== "on";
}

function wirePart(part) {
  const into = (step) => () =>
    step(part).then(
      (state) => show(part, state),
      () => show(part, "failed"),
    );
  part.querySelector("[data-push-allow]").addEventListener("click", into(allow));
  part.querySelector("[data-push-stop]").addEventListener("click", into(stop));
  into(stateOf)();
}

export async function wireWebPush() {
  if (!canBeWoken()) return;
  const part = document.querySelector("[data-push]");
  const renew = document.body.dataset.pushRenew;
  if (part) wirePart(part);
  else if (renew && Notification.permission === "granted") {
    const subscription = await subscribed();
    if (subscription) await send(renew, subscription);
  }
}
