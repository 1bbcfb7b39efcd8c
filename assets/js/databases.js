// @ts-check
/* This site's IndexedDB databases in the browser, by name. */
import { deleteDB } from "idb";

/** What the editor keeps until it is saved (editor/live/unsaved_updates.js). */
export const UNSAVED = "coalition-unsaved-";

/**
 * Names of all that begin so; none where the browser has no IndexedDB or does not list it.
 * @param {string} prefix
 */
export async function databaseNames(prefix) {
  const found = (await window.indexedDB?.databases?.().catch(() => [])) ?? [];
  return found.flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
}

/**
 * Deletes one. Resolves also where that fails, and where another window holds it open: it goes when that closes.
 * @param {string} name
 * @returns {Promise<void>}
 */
export const deleteDatabase = (name) =>
  new Promise((resolve) => {
    deleteDB(name, { blocked: () => resolve() }).then(resolve, () => resolve());
  });
