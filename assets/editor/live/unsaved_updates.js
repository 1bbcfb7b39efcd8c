// @ts-check
/* Stores edits on this device until the server has saved them; nothing else of a text is ever stored in a
   browser. One database for one history of one text and one person. It holds Yjs updates as they were
   made; without the text they belong to they cannot be read. */
import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";

import { UNSAVED, databaseNames, deleteDatabase } from "../../js/databases.js";

export class UnsavedUpdates {
  /**
   * @param {string} name tells text, epoch and person apart
   * @param {boolean} keeps whether edits may stay on the device
   */
  constructor(name, keeps) {
    this.name = UNSAVED + name;
    this.doc = new Y.Doc();
    this.keeps = keeps && "indexedDB" in window;
    this.holds = false;
    /** @type {IndexeddbPersistence | null} */
    this.store = this.keeps ? this.opened() : null;
  }

  opened() {
    return new IndexeddbPersistence(this.name, this.doc);
  }

  /**
   * What an earlier window left, as one update, or null. If edits may not stay on the device any more,
   * because fewer people may read the text since, it is deleted after reading.
   */
  async load() {
    if (!this.keeps && (await databaseNames(UNSAVED)).includes(this.name)) this.store = this.opened();
    if (!this.store) return null;
    try {
      await this.store._db; // whenSynced alone would wait for ever where storage is refused
      await this.store.whenSynced;
    } catch {
      this.store = null;
      this.keeps = false;
      return null;
    }
    const update = Y.encodeStateAsUpdate(this.doc);
    this.holds = update.length > 2; // two bytes: nothing
    const found = this.holds ? update : null;
    if (!this.keeps) await this.remove();
    return found;
  }

  /**
   * Store an update at once: it must be there even if the window closes in the next moment.
   * @type {(update: Uint8Array) => void}
   */
  add(update) {
    const { db } = this.store ?? {};
    if (!db) return;
    this.holds = true;
    const writing = db.transaction("updates", "readwrite");
    writing.objectStore("updates").add(update);
    writing.commit?.();
  }

  /** Everything is saved: delete all updates at once. */
  clear() {
    const { db } = this.store ?? {};
    if (!db || !this.holds) return;
    this.holds = false;
    db.transaction("updates", "readwrite").objectStore("updates").clear();
  }

  /** Deletes the database. */
  async remove() {
    const { store } = this;
    this.store = null;
    if (store) await store.clearData().catch(() => {});
    this.doc.destroy();
  }

  /** Edits may not stay on the device any more: deletes those that do, and stores no others. */
  async stopKeeping() {
    this.keeps = false;
    await this.remove();
  }

  /** Leaves what it holds for the next time. */
  close() {
    this.store?.destroy();
    this.doc.destroy();
  }
}

/**
 * Delete what other people left on this device: it belongs to whoever is signed in now.
 * @type {(person: string) => Promise<void>}
 */
export async function forgetOthers(person) {
  for (const name of await databaseNames(UNSAVED)) if (!name.endsWith(person)) deleteDatabase(name);
}
