/** Toasts: those in the page, and those that an htmx answer brings in the header
    `HX-Trigger: {"toast": {"text": "…", "undo": "/url/"}}`. One with an undo stays 20 s, others 8 s;
    none goes while the pointer or the focus is on it. */
const STAY = 8000;
const STAY_WITH_UNDO = 20000;

function leaveLater(toast) {
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

function show({ text, undo }) {
  const region = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!region || !template || !text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-text]").textContent = text;
  const form = toast.querySelector("form");
  if (undo) form.action = undo;
  else form.remove();
  region.append(toast);
  leaveLater(toast);
}

export function wireToasts() {
  // A message about something that failed stays until it is closed.
  for (const toast of document.querySelectorAll(".toast[data-leaves]")) leaveLater(toast);
  document.body.addEventListener("toast", (event) => show(event.detail));
  document.addEventListener("click", (event) =>
    event.target.closest("[data-dismiss]")?.closest(".toast, .notice")?.remove(),
  );
}
