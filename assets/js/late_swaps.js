// @ts-check
/* Redirects late htmx answers. When another answer has replaced the target meanwhile, the late one goes to
   the element of the same id: htmx would discard it, together with the fields that both preserve (data-hx-
   preserve) and what is typed in them. */
/** @type {(event: CustomEvent<HtmxDetail>) => void} */
function place(event) {
  const { target } = event.detail;
  const now = target.isConnected ? null : document.getElementById(target.id);
  if (now) event.detail.target = now;
}

export function wireLateSwaps() {
  // What is no longer in the page tells nobody above it: the part itself is listened to.
  document.addEventListener("htmx:beforeRequest", ({ detail: { target } }) => {
    target.addEventListener("htmx:beforeSwap", place);
  });
}
