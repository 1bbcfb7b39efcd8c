// @ts-check
import { find, findAll, findOptional } from "./dom.js";

/**
 * Uploads the file of a form with `data-upload` in the background and shows the progress. Messages come
 * from the form: data-sending ("{percent} % sent"), data-failed, data-too-large; data-max-bytes is the
 * limit. Without script it is an ordinary form.
 */
export function wireUploads() {
  for (const form of findAll(document, "form[data-upload]", HTMLFormElement)) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}

/** @type {(form: HTMLFormElement) => void} */
function send(form) {
  const status = find(form, "[data-upload-status]");
  const bar = find(form, "progress", HTMLProgressElement);
  const say = (text = "") => {
    status.textContent = text;
  };
  const limit = Number(form.dataset.maxBytes);
  const files = [...new FormData(form).values()].filter((value) => value instanceof File);
  if (limit && files.some((file) => file.size > limit)) return say(form.dataset.tooLarge);

  const request = new XMLHttpRequest();
  bar.hidden = false;
  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return;
    bar.max = total;
    bar.value = loaded;
    say(form.dataset.sending?.replace("{percent}", String(Math.floor((100 * loaded) / total))));
  });
  request.addEventListener("load", () => arrive(request, form, bar, say));
  request.addEventListener("error", () => {
    bar.hidden = true;
    say(form.dataset.failed);
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

/** The answer is the page that an ordinary form would have got: a redirect to follow, or the form
   with its errors.
    @type {(request: XMLHttpRequest, form: HTMLFormElement, bar: HTMLElement, say: (text?: string) => void) => void} */
function arrive(request, form, bar, say) {
  if (request.status < 400 && request.responseURL !== form.action) {
    location.assign(request.responseURL);
    return;
  }
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = form.id && answer.getElementById(form.id);
  if (fresh) {
    form.replaceChildren(...fresh.childNodes);
    findOptional(form, "[role=alert], [aria-invalid]")?.focus();
    return;
  }
  bar.hidden = true;
  say(request.status === 413 ? form.dataset.tooLarge : form.dataset.failed);
}
