/* Safe exit: away at once, by the button or by Esc three times. The page's own entry in the history is
   replaced, so that "back" does not lead here. Without script the button is a plain link. */
const PRESSES = 3;
const WITHIN = 1500; // milliseconds from the first press to the last

export function wireExit() {
  const link = document.querySelector("[data-safe-exit]");
  if (!link) return;
  const leave = () => {
    document.documentElement.hidden = true; // nothing is to be read while the other page loads
    document.title = "…";
    window.location.replace(link.href);
  };
  document.querySelector("[data-exit-hint]").hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (presses.length >= PRESSES) leave();
  });
  // Who comes back by the browser's memory of the page does not see it either.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) leave();
  });
}
