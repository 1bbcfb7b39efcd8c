// @ts-check
/* On pages with `data-replace-history` on their body, links and searches replace the history entry instead
   of adding one: "back" leads to what was before these pages. Without script they are ordinary. */
/** @typedef {Pick<Location, "href" | "origin">} Place */

export function wireReplacing() {
  if (!document.body.hasAttribute("data-replace-history")) return;
  document.addEventListener("click", (event) => go(event, addressOfLink(event, window.location)));
  document.addEventListener("submit", (event) => go(event, addressOfForm(event, window.location)));
}

/** @type {(event: Event, address: string) => void} */
function go(event, address) {
  if (!address) return;
  event.preventDefault();
  window.location.replace(address);
}

/** Where a click leads inside this site, or "" where the browser is to do what it does.
    @type {(event: MouseEvent, here: Place) => string} */
export function addressOfLink(event, here) {
  const isPlain = event.button === 0 && !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  const link = /** @type {HTMLAnchorElement | null} */ (
    /** @type {Element} */ (event.target).closest?.("a[href]")
  );
  if (event.defaultPrevented || !isPlain || !link || link.hasAttribute("download")) return "";
  return isHere(link.target) && link.origin === here.origin ? link.href : "";
}

/** Where a form that is sent by GET leads inside this site, with what is filled in; else "".
    @type {(event: SubmitEvent, here: Place) => string} */
export function addressOfForm(event, here) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  const method = button?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
  const target = button?.getAttribute("formtarget") ?? form.getAttribute("target");
  const action = button?.hasAttribute("formaction") ? button.formAction : form.getAttribute("action");
  const address = new URL(action || here.href, here.href); // form.action may be a field of that name
  if (event.defaultPrevented || method.toLowerCase() !== "get" || !isHere(target)) return "";
  if (address.origin !== here.origin) return "";
  const fields = /** @type {[string, string][]} */ ([...new FormData(form, button)]); // a GET sends names of files only
  address.search = new URLSearchParams(fields).toString();
  address.hash = "";
  return address.href;
}

/** @type {(target: string | null) => boolean} */
function isHere(target) {
  return !target || target === "_self";
}
