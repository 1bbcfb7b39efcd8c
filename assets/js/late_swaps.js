// @ts-check
/** An answer may come when the part of the page that it is for was shown anew by another one. It goes to what
    stands in its place now: htmx would put it nowhere, and lose the fields that both keep (data-hx-preserve) with
    what is typed in them. */
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
