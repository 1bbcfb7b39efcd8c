// @ts-check
/* Edits that are not saved yet stay on this device until they are: nothing else of a text is ever stored in a
   browser. There is one database for one history of one text and one person. It holds updates as they were made;
   without the text they belong to they cannot be read as one. */
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

  /** What is left from before, as one update, or null. Where nothing may be kept any more, because fewer
      people read the text since, it is taken off this device. */
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

  /** Stores an update, at once: it must be there also if the window goes in the next moment.
      @type {(update: Uint8Array) => void} */
  add(update) {
    const { db } = this.store ?? {};
    if (!db) return;
    this.holds = true;
    const writing = db.transaction("updates", "readwrite");
    writing.objectStore("updates").add(update);
    writing.commit?.();
  }

  /** Everything is saved: the store is empty again, at once. */
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

/** Takes away what other people left on this device: a text belongs to who is signed in now.
    @type {(person: string) => Promise<void>} */
export async function forgetOthers(person) {
  for (const name of await databaseNames(UNSAVED)) if (!name.endsWith(person)) deleteDatabase(name);
}
