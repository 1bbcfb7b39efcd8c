// @ts-check
/* What is asked about a file: its SHA-256, computed here; of a large one, or without crypto, its name. */

export const MOST_BYTES = 200 * 1024 * 1024; // crypto.subtle needs the whole file in memory

/** @type {(bytes: ArrayBuffer) => string} */
export const hexadecimal = (bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * The question about a file. Its bytes go nowhere.
 * @param {{ name: string, size: number, arrayBuffer: () => Promise<ArrayBuffer> }} file
 * @param {{ digest: (algorithm: string, data: ArrayBuffer) => Promise<ArrayBuffer> } | undefined} subtle
 * @returns {Promise<string>}
 */
export async function questionAbout(file, subtle) {
  if (!subtle || file.size > MOST_BYTES) return file.name;
  try {
    return hexadecimal(await subtle.digest("SHA-256", await file.arrayBuffer()));
  } catch {
    return file.name; // it cannot be read, or there is no memory for it
  }
}
