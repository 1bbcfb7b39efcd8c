/** Items of a running order are dragged by their handle; the buttons beside them do the same by keyboard
    and on a phone. Dropping sends a form: what the server made of it is shown then. */
const DRAGGED = "running__item--dragged";
const TARGET = "running__item--target";

export function wireRunningOrder() {
  let dragged;
  const clear = () => {
    for (const item of document.querySelectorAll(`.${TARGET}`)) item.classList.remove(TARGET);
  };
  document.addEventListener("dragstart", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    dragged = handle?.closest("[data-item]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    dragged.classList.add(DRAGGED);
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && event.target.closest?.("[data-running]");
    if (!over) return;
    event.preventDefault();
    clear();
    placeOf(event)?.classList.add(TARGET);
  });
  document.addEventListener("drop", (event) => {
    if (!dragged || !event.target.closest?.("[data-running]")) return;
    event.preventDefault();
    const before = placeOf(event);
    if (before !== dragged) send(dragged.dataset.item, before?.dataset.item ?? "");
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove(DRAGGED);
    dragged = undefined;
    clear();
  });
}

/** The item before which a drop would put it; undefined: the end. */
function placeOf(event) {
  const item = event.target.closest("[data-item]");
  if (!item) return undefined;
  const { top, height } = item.getBoundingClientRect();
  return event.clientY < top + height / 2 ? item : (item.nextElementSibling ?? undefined);
}

function send(item, before) {
  const form = document.querySelector("[data-running-drop]");
  form.querySelector("[name=item]").value = item; // elements.item is a method
  form.querySelector("[name=before]").value = before;
  form.requestSubmit();
}
