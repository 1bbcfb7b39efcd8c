// @ts-check
/* The code of a guest: normalised, and as the hash that the phone stores. The code itself is never stored. */
const SHAPE = /^[A-HJKMNP-Z3-9]{12}$/; // the letters of events/core/link_tokens.py
const BITS = 128;

/** Without spaces and hyphens, in capitals; "" for what cannot be a code.
    @type {(words: string) => string} */
export function normalizeCode(words) {
  const code = words.replaceAll(/[\s\-–—]/g, "").toUpperCase();
  return SHAPE.test(code) ? code : "";
}

/** @type {(code: string, how: { salt: string, rounds: number }) => Promise<string>} */
export async function hashOf(code, { salt, rounds }) {
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, [
    "deriveBits",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes, iterations: rounds };
  const hash = new Uint8Array(await crypto.subtle.deriveBits(how, key, BITS));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
