// @ts-check
import { closest, copyOf, find, findAll } from "./dom.js";

/** Toasts: those in the page, and those that an htmx answer brings in the header
    `HX-Trigger: {"toast": {"text": "…", "undo": "/url/"}}`. One with an undo stays 20 s, others 8 s;
    none goes while the pointer or the focus is on it. */
const STAY = 8000;
const STAY_WITH_UNDO = 20000;

/** @type {(toast: HTMLElement) => void} */
function leaveLater(toast) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const start = () => {
    timer = setTimeout(() => toast.remove(), toast.querySelector("form") ? STAY_WITH_UNDO : STAY);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", start);
  start();
}

/** @type {(toast: { text: string, undo?: string }) => void} */
function show({ text, undo }) {
  const region = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!region || !(template instanceof HTMLTemplateElement) || !text) return;
  const toast = copyOf(template);
  find(toast, "[data-text]").textContent = text;
  const form = find(toast, "form", HTMLFormElement);
  if (undo) form.action = undo;
  else form.remove();
  region.append(toast);
  leaveLater(toast);
}

export function wireToasts() {
  // A message about something that failed stays until it is closed.
  for (const toast of findAll(document, ".toast[data-leaves]")) leaveLater(toast);
  document.body.addEventListener("toast", (event) => show(event.detail));
  document.addEventListener("click", (event) =>
    closest(event, "[data-dismiss]")?.closest(".toast, .notice")?.remove(),
  );
}
