/* Passkeys as JSON in browsers that do not convert it themselves, and in those that do. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { creationOptions, credentialJSON, requestOptions } from "../../assets/js/passkey_json.js";

const BYTES = Uint8Array.from([251, 255, 0, 1]);
const TEXT = "-_8AAQ";

beforeEach(() => {
  globalThis.PublicKeyCredential = class {};
});

test("older browsers get bytes in place of base64url", () => {
  const made = creationOptions({
    challenge: TEXT,
    rp: { id: "coalition.example" },
    user: { id: TEXT, name: "anna" },
    excludeCredentials: [{ id: TEXT, type: "public-key" }],
  });
  assert.deepEqual(made.challenge, BYTES);
  assert.deepEqual(made.user, { id: BYTES, name: "anna" });
  assert.deepEqual(made.excludeCredentials, [{ id: BYTES, type: "public-key" }]);
  assert.deepEqual(made.rp, { id: "coalition.example" });
  assert.deepEqual(requestOptions({ challenge: TEXT }), { challenge: BYTES, allowCredentials: [] });
});

test("the browser's own methods are used where they are", () => {
  PublicKeyCredential.parseCreationOptionsFromJSON = (json) => ["creation", json];
  PublicKeyCredential.parseRequestOptionsFromJSON = (json) => ["request", json];
  assert.deepEqual(creationOptions({ challenge: TEXT }), ["creation", { challenge: TEXT }]);
  assert.deepEqual(requestOptions({ challenge: TEXT }), ["request", { challenge: TEXT }]);
  assert.equal(credentialJSON({ toJSON: () => "own" }), "own");
});

for (const [name, own] of Object.entries({
  "a browser without toJSON": {},
  "a stand-in whose toJSON throws": {
    toJSON() {
      throw new TypeError("Illegal invocation");
    },
  },
})) {
  test(`what the device answered is sent as base64url: ${name}`, () => {
    const key = {
      id: TEXT,
      rawId: BYTES.buffer,
      type: "public-key",
      getClientExtensionResults: () => ({}),
      ...own,
    };
    const about = {
      id: TEXT,
      rawId: TEXT,
      type: "public-key",
      authenticatorAttachment: null,
      clientExtensionResults: {},
    };
    const made = {
      clientDataJSON: BYTES.buffer,
      attestationObject: BYTES.buffer,
      getTransports: () => ["internal"],
    };
    assert.deepEqual(credentialJSON({ ...key, response: made }), {
      ...about,
      response: { clientDataJSON: TEXT, attestationObject: TEXT, transports: ["internal"] },
    });
    const given = { clientDataJSON: BYTES.buffer, authenticatorData: BYTES.buffer, signature: BYTES.buffer };
    assert.deepEqual(credentialJSON({ ...key, response: { ...given, userHandle: null } }), {
      ...about,
      response: { clientDataJSON: TEXT, authenticatorData: TEXT, signature: TEXT },
    });
  });
}

test("no key is an error", () => {
  assert.throws(() => credentialJSON(null));
});
