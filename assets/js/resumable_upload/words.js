// @ts-check
/* What the page says of an upload, and when it is tried again. Pure. */

export const MEGABYTE = 1024 * 1024;

/**
 * A sentence with {names} replaced.
 * @type {(sentence: string, given: Record<string, string>) => string}
 */
export const filled = (sentence, given) =>
  sentence.replaceAll(/\{(\w+)\}/g, (_all, name) => given[name] ?? "");

/**
 * Bytes as "312 of 1,900 MB", in the sentence and with the digits of the language. A part is never shown as
 * the whole.
 * @type {(sentence: string, done: number, size: number, language: string) => string}
 */
export function progressWords(sentence, done, size, language) {
  const number = new Intl.NumberFormat(language);
  return filled(sentence, {
    done: number.format(Math.floor(done / MEGABYTE)),
    size: number.format(Math.max(1, Math.ceil(size / MEGABYTE))),
  });
}

/**
 * By what a file is known again: the item, its name and its size.
 * @type {(item: string, file: { name: string, size: number }) => string}
 */
export const fingerprintOf = (item, { name, size }) => ["upload", item, size, name].join("|");

/** @typedef {{ status: number, type: string, body: string }} Answer */

/**
 * Why it failed: the words of the server; else that of the page: `failed` without an answer and where the server
 * has a fault, `signedOut` where an answer is a page, which only people get who are signed out.
 * @type {(answer: Answer | null, texts: { failed: string, signedOut: string, tooLarge: string }) => string}
 */
export function failureWords(answer, texts) {
  if (!answer || !answer.status) return texts.failed;
  if (answer.type.startsWith("text/plain") && answer.body.trim()) return answer.body.trim();
  if (answer.status === 413) return texts.tooLarge;
  return answer.status >= 500 ? texts.failed : texts.signedOut;
}

/**
 * Whether it may help to try again: the line was lost, the piece is here already, the server has a fault; not
 * where it has no room.
 * @type {(status: number) => boolean}
 */
export const isWorthRetrying = (status) =>
  !status || status === 409 || status === 423 || status === 429 || (status >= 500 && status !== 507);

/**
 * Whether the server refuses this file or this upload in words: going on with it is of no use.
 * @type {(answer: Answer | null) => boolean}
 */
export const isRefusal = (answer) =>
  Boolean(answer && answer.status >= 400 && answer.status < 500 && answer.type.startsWith("text/plain"));

/**
 * Where the piece begins of which the last byte was sent: until the server answers, nothing of it is kept.
 * @type {(done: number, piece: number) => number}
 */
export const wholePieces = (done, piece) => Math.floor(Math.max(0, done - 1) / piece) * piece;
