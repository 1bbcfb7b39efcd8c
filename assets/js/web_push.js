// @ts-check
import { csrfToken, find, findAll, findOptional } from "./dom.js";

/**
 * Web push: the element `data-push` in a person's settings turns it on and off. Elsewhere a browser with
 * permission renews its subscription once a session.
 */
const SCOPE = "/workspaces/";

/** @typedef {"on" | "off" | "denied" | "failed"} State */
/** @typedef {(part: HTMLElement) => Promise<State>} Step */

const canBeWoken = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** @type {(address: string | undefined, subscription: PushSubscription) => Promise<boolean>} */
async function send(address, subscription) {
  const answer = await fetch(String(address), {
    method: "POST",
    headers: { "X-CSRFToken": csrfToken() },
    body: new URLSearchParams({ address: subscription.endpoint }),
  });
  return answer.ok && (await answer.json()).on;
}

async function subscribed() {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return registration?.pushManager.getSubscription();
}

/** @type {(key: string) => Uint8Array<ArrayBuffer>} */
function bytes(key) {
  const plain = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @type {Step} */
async function allow(part) {
  const { key, worker, allow: address } = part.dataset;
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  await navigator.serviceWorker.register(String(worker), { scope: SCOPE });
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(String(key)),
  });
  return (await send(address, subscription)) ? "on" : "failed";
}

/** @type {Step} */
async function stop(part) {
  const subscription = await subscribed();
  if (subscription) {
    await send(part.dataset.stop, subscription);
    await subscription.unsubscribe();
  }
  return "off";
}

/** @type {Step} */
async function stateOf(part) {
  if (Notification.permission === "denied") return "denied";
  const subscription = await subscribed();
  return subscription && (await send(part.dataset.renew, subscription)) ? "on" : "off";
}

/** @type {(part: HTMLElement, state: State) => void} */
function show(part, state) {
  for (const words of findAll(part, "[data-push-state]")) {
    words.hidden = words.dataset.pushState !== state;
  }
  find(part, "[data-push-allow]").hidden = !["off", "failed"].includes(state);
  find(part, "[data-push-stop]").hidden = state !== "on";
}

/** @type {(part: HTMLElement) => void} */
function wirePart(part) {
  /** @type {(step: Step) => () => void} */
  const into = (step) => () =>
    step(part).then(
      (state) => show(part, state),
      () => show(part, "failed"),
    );
  find(part, "[data-push-allow]").addEventListener("click", into(allow));
  find(part, "[data-push-stop]").addEventListener("click", into(stop));
  into(stateOf)();
}

export async function wireWebPush() {
  if (!canBeWoken()) return;
  const part = findOptional(document, "[data-push]");
  const renew = document.body.dataset.pushRenew;
  if (part) wirePart(part);
  else if (renew && Notification.permission === "granted") {
    const subscription = await subscribed();
    if (subscription) await send(renew, subscription);
  }
}
