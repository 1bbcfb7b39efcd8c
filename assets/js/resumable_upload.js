// @ts-check
/* The form that sends a file in pieces (tus 1.0), and the list of what is not finished. An upload goes on where it
   stopped: after a lost line by itself, after the page was closed when the same file is chosen again. Without
   script the form is an ordinary one. */
import { Upload } from "tus-js-client";

import { csrfToken, find, findAll } from "./dom.js";
import {
  failureWords,
  fingerprintOf,
  isRefusal,
  isWorthRetrying,
  progressWords,
  wholePieces,
} from "./resumable_upload/words.js";

const RETRIES = [0, 1, 3, 5, 10, 20, 30, 60, 60, 60].map((seconds) => seconds * 1000);

/** @type {(error: unknown) => import("./resumable_upload/words.js").Answer | null} */
function answerOf(error) {
  const response = /** @type {import("tus-js-client").DetailedError} */ (error)?.originalResponse;
  if (!response) return null;
  return {
    status: response.getStatus(),
    type: response.getHeader("Content-Type") ?? "",
    body: response.getBody() ?? "",
  };
}

/** Take an upload out of the list of what is not finished. @type {(url: string | null | undefined) => void} */
function unlist(url) {
  if (!url) return;
  for (const button of findAll(document, "[data-cancel-upload]", HTMLButtonElement)) {
    if (new URL(button.dataset.cancelUpload ?? "", location.href).href !== new URL(url, location.href).href) continue;
    const list = button.closest("ul");
    button.closest("li")?.remove();
    if (list && list.children.length === 0) list.remove();
  }
}

/** @type {(form: HTMLFormElement) => void} */
function wire(form) {
  const texts = form.dataset;
  const bar = find(form, "progress", HTMLProgressElement);
  const status = find(form, "[data-upload-status]");
  const count = find(form, "[data-upload-count]");
  const chosen = find(form, "input[type=file]", HTMLInputElement);
  const format = find(form, "[name=format]", HTMLSelectElement);
  const language = find(form, "[name=language]", HTMLSelectElement);
  const buttons = {
    start: find(form, "[data-start]", HTMLButtonElement),
    pause: find(form, "[data-pause]", HTMLButtonElement),
    goOn: find(form, "[data-go-on]", HTMLButtonElement),
    cancel: find(form, "[data-cancel]", HTMLButtonElement),
  };
  const fields = [chosen, format, language];
  const item = texts.item ?? "";
  const pieceBytes = Number(texts.pieceBytes);
  const page = document.documentElement.lang;
  const reasons = {
    failed: texts.failed ?? "",
    signedOut: texts.signedOut ?? "",
    tooLarge: texts.tooLarge ?? "",
  };

  /** @type {Upload | null} */
  let upload = null;
  let sent = 0;
  let kept = 0; // of it the server has said that it is there
  let isStopped = true; // by the person, or after a failure
  let wasSending = false; // when the line was lost

  const say = (words = "", isFailure = false) => {
    status.textContent = words;
    status.classList.toggle("error", isFailure);
    status.classList.toggle("hint", !isFailure);
  };
  /** @type {(answer: import("./resumable_upload/words.js").Answer | null) => void} */
  const sayWhy = (answer) => say(failureWords(answer, reasons), true);

  /** @type {(state: "idle" | "sending" | "stopped") => void} */
  const show = (state) => {
    const focused = document.activeElement;
    buttons.start.hidden = state !== "idle";
    buttons.pause.hidden = state !== "sending";
    buttons.goOn.hidden = state !== "stopped";
    buttons.cancel.hidden = state === "idle";
    bar.hidden = state === "idle";
    if (state === "idle") count.textContent = "";
    for (const field of fields) field.disabled = state !== "idle";
    isStopped = state !== "sending";
    const next = { idle: buttons.start, sending: buttons.pause, stopped: buttons.goOn }[state];
    if (focused instanceof HTMLElement && focused.hidden) next.focus(); // the keyboard stays where it was
  };

  /** @type {(done: number, size: number) => void} */
  const showProgress = (done, size) => {
    sent = done;
    bar.max = size;
    bar.value = done;
    count.textContent = progressWords(texts.sent ?? "", done, size, page);
  };

  /** @type {(file: File) => Upload} */
  const uploadOf = (file) =>
    new Upload(file, {
      endpoint: texts.uploadsUrl,
      chunkSize: pieceBytes,
      retryDelays: RETRIES,
      headers: { "X-CSRFToken": csrfToken() },
      metadata: { filename: file.name, format: format.value, language: language.value },
      fingerprint: async () => fingerprintOf(item, file),
      removeFingerprintOnSuccess: true,
      onProgress: (done, size) => showProgress(done, size ?? file.size),
      onChunkComplete: (_size, accepted) => {
        kept = accepted;
        say();
      },
      onShouldRetry: (error) => {
        const retried = isWorthRetrying(answerOf(error)?.status ?? 0);
        if (retried) say(texts.waiting);
        return retried;
      },
      onError: (error) => {
        const answer = answerOf(error);
        const refused = isRefusal(answer);
        if (refused) upload = null; // another file can be chosen
        show(refused ? "idle" : "stopped");
        sayWhy(answer);
      },
      onSuccess: () => {
        say(texts.finishing);
        location.assign(texts.doneUrl ?? location.href);
      },
    });

  /** Uploads of this file that were begun in this browser. @type {(file: File) => Promise<any[]>} any: the library's */
  const earlierOf = (file) => uploadOf(file).findPreviousUploads();

  const start = async () => {
    const file = chosen.files?.[0];
    if (!file) return say(texts.empty, true);
    if (file.size > Number(texts.mostBytes)) return say(texts.tooLarge, true);
    say();
    const made = uploadOf(file);
    const given = made.options.metadata;
    const earlier = (await earlierOf(file)).find(
      ({ metadata }) => metadata.format === given?.format && metadata.language === given?.language,
    );
    if (earlier) made.resumeFromPreviousUpload(earlier);
    unlist(earlier?.uploadUrl); // from here on the form shows it
    upload = made;
    kept = 0;
    show("sending");
    showProgress(0, file.size);
    made.start();
  };

  // What was begun has a format and a language already: the form shows them.
  chosen.addEventListener("change", async () => {
    const file = chosen.files?.[0];
    const [earlier] = file ? await earlierOf(file) : [];
    if (!earlier) return;
    format.value = earlier.metadata.format;
    language.value = earlier.metadata.language;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start();
  });
  buttons.pause.addEventListener("click", async () => {
    show("stopped");
    wasSending = false;
    await upload?.abort();
    showProgress(Math.max(kept, wholePieces(sent, pieceBytes)), bar.max);
    say(progressWords(texts.paused ?? "", sent, bar.max, page));
  });
  const goOn = () => {
    say();
    show("sending");
    upload?.start();
  };
  buttons.goOn.addEventListener("click", goOn);
  buttons.cancel.addEventListener("click", async () => {
    try {
      await upload?.abort(true);
    } catch (error) {
      const answer = answerOf(error);
      if (answer?.status !== 404) {
        show("stopped");
        return sayWhy(answer);
      }
    }
    upload = null;
    show("idle");
    say(texts.cancelled);
  });
  window.addEventListener("offline", () => {
    wasSending = !isStopped;
    if (wasSending) say(texts.waiting);
  });
  window.addEventListener("online", async () => {
    const wasLost = wasSending;
    wasSending = false;
    if (!wasLost || !upload) return;
    await upload.abort(); // the next try may be a minute away
    goOn();
  });

  for (const button of findAll(document, "[data-cancel-upload]", HTMLButtonElement)) {
    button.addEventListener("click", async () => {
      try {
        const headers = { "X-CSRFToken": csrfToken() };
        await Upload.terminate(button.dataset.cancelUpload ?? "", { headers, retryDelays: [] });
      } catch (error) {
        const answer = answerOf(error);
        if (answer?.status !== 404) return sayWhy(answer);
      }
      unlist(button.dataset.cancelUpload);
      say(texts.cancelled);
      chosen.focus();
    });
  }
  show("idle"); // some browsers keep fields disabled over a reload
}

for (const form of findAll(document, "form[data-resumable]", HTMLFormElement)) wire(form);
