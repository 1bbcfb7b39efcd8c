// What is asked about a chosen file, without a browser.
import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { test } from "node:test";

import { MOST_BYTES, questionAbout } from "../../assets/js/file_hash/sha256.js";

const bytes = new TextEncoder().encode("Words for the announcer.");
const file = (more = {}) => ({
  name: "film_document_v1.txt",
  size: bytes.length,
  arrayBuffer: async () => bytes.buffer,
  ...more,
});

test("a file is asked about by its SHA-256", async () => {
  const expected = createHash("sha256").update(bytes).digest("hex");
  assert.equal(await questionAbout(file(), webcrypto.subtle), expected);
});

test("a large file is not read", async () => {
  const read = () => assert.fail("it was read");
  const large = file({ size: MOST_BYTES + 1, arrayBuffer: read });
  assert.equal(await questionAbout(large, webcrypto.subtle), "film_document_v1.txt");
});

test("a file that cannot be read, or a browser without crypto: by its name", async () => {
  const broken = file({ arrayBuffer: async () => Promise.reject(new Error("gone")) });
  assert.equal(await questionAbout(broken, webcrypto.subtle), "film_document_v1.txt");
  assert.equal(await questionAbout(file(), undefined), "film_document_v1.txt");
});
