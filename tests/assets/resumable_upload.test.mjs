/* Resumable uploads: progress in words, by what a file is known again, why one failed, what is tried again. */
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  MEGABYTE,
  failureWords,
  fingerprintOf,
  isRefusal,
  isWorthRetrying,
  progressWords,
  wholePieces,
} from "../../assets/js/resumable_upload/words.js";

const texts = { failed: "failed", signedOut: "signed out", tooLarge: "too large" };

test("progress has the digits of the language, and a part is never shown as the whole", () => {
  const size = 1900 * MEGABYTE;
  assert.equal(progressWords("{done} of {size} MB", 312 * MEGABYTE, size, "en"), "312 of 1,900 MB");
  assert.match(progressWords("{done} / {size}", 0, size, "ru"), /^0 \/ 1\s900$/);
  assert.equal(progressWords("{done} of {size} MB", size - 1, size, "en"), "1,899 of 1,900 MB");
  assert.equal(progressWords("{done} of {size} MB", 10, 20, "en"), "0 of 1 MB");
});

test("a file is known by item, name and size", () => {
  const file = { name: "film.mp4", size: 5 };
  assert.equal(fingerprintOf("a", file), fingerprintOf("a", { ...file }));
  for (const [item, other] of [["b", file], ["a", { ...file, size: 6 }], ["a", { ...file, name: "x.mp4" }]])
    assert.notEqual(fingerprintOf("a", file), fingerprintOf(item, other));
});

test("the words of the server come first; a page means that the person is signed out", () => {
  const words = (status, type, body) => failureWords({ status, type, body }, texts);
  assert.equal(words(422, "text/plain; charset=utf-8", " No film. "), "No film.");
  assert.equal(words(403, "text/html", "<html>"), "signed out");
  assert.equal(words(200, "text/html", "<html>"), "signed out");
  assert.equal(words(413, "text/html", "<html>"), "too large");
  assert.equal(words(502, "text/html", "<html>"), "failed");
  assert.equal(failureWords(null, texts), "failed");
});

test("a lost line and faults of the server are tried again, refusals and a full disk are not", () => {
  assert.deepEqual([0, 409, 429, 500, 503].map(isWorthRetrying), [true, true, true, true, true]);
  assert.deepEqual([403, 404, 410, 413, 415, 422, 507].map(isWorthRetrying), Array(7).fill(false));
});

test("a refusal in words ends an upload; a lost line, a full disk and a page do not", () => {
  const refused = (status, type = "text/plain; charset=utf-8") => isRefusal({ status, type, body: "No." });
  assert.deepEqual([422, 413, 410, 403].map((status) => refused(status)), Array(4).fill(true));
  assert.deepEqual([507, 503, 0].map((status) => refused(status)), Array(3).fill(false));
  assert.equal(refused(403, "text/html"), false);
  assert.equal(isRefusal(null), false);
});

test("of the piece that is being sent nothing is kept", () => {
  assert.deepEqual([0, 7, 8, 9, 16, 20].map((done) => wholePieces(done, 8)), [0, 0, 0, 8, 8, 16]);
});
