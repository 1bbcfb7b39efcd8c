// @ts-check
import { closest, find, findAll } from "./dom.js";

/**
 * Drag and drop of running order items by their handle; buttons beside them do the same by keyboard and on
 * a phone. Dropping submits a form.
 */
const DRAGGED = "running__item--dragged";
const TARGET = "running__item--target";

export function wireRunningOrder() {
  /** @type {HTMLElement | null} */
  let dragged = null;
  const clear = () => {
    for (const item of findAll(document, `.${TARGET}`)) item.classList.remove(TARGET);
  };
  document.addEventListener("dragstart", (event) => {
    const handle = closest(event, "[data-handle]");
    dragged = handle ? handle.closest("[data-item]") : null;
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    dragged.classList.add(DRAGGED);
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && closest(event, "[data-running]");
    if (!over) return;
    event.preventDefault();
    clear();
    placeOf(event)?.classList.add(TARGET);
  });
  document.addEventListener("drop", (event) => {
    if (!dragged || !closest(event, "[data-running]")) return;
    event.preventDefault();
    const before = placeOf(event);
    if (before !== dragged) send(dragged.dataset.item ?? "", before?.dataset.item ?? "");
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove(DRAGGED);
    dragged = null;
    clear();
  });
}

/** The item before which a drop would put it; undefined: the end.
    @type {(event: DragEvent) => HTMLElement | undefined} */
function placeOf(event) {
  const item = closest(event, "[data-item]");
  if (!item) return undefined;
  const { top, height } = item.getBoundingClientRect();
  return event.clientY < top + height / 2
    ? item
    : (/** @type {HTMLElement | null} */ (item.nextElementSibling) ?? undefined);
}

/** @type {(item: string, before: string) => void} */
function send(item, before) {
  const form = find(document, "[data-running-drop]", HTMLFormElement);
  find(form, "[name=item]", HTMLInputElement).value = item; // elements.item is a method
  find(form, "[name=before]", HTMLInputElement).value = before;
  form.requestSubmit();
}
