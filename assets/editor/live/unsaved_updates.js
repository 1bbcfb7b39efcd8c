/* Edits that are not saved yet, kept on this device until they are: nothing else of a text is ever stored in
   a browser. A shelf is one database for one history of one text and one person. It holds updates as they
   were made; without the text they belong to they cannot be read as one. */
import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";

import { PREFIX, unsavedDatabases } from "../../js/sign_out.js";

export class UnsavedUpdates {
  /** `name` tells text, epoch and person apart. Without `keeps` nothing is put on it. */
  constructor(name, keeps) {
    this.name = PREFIX + name;
    this.doc = new Y.Doc();
    this.keeps = keeps && "indexedDB" in window;
    this.store = this.keeps ? this.opened() : null;
  }

  opened() {
    return new IndexeddbPersistence(this.name, this.doc);
  }

  /** What is left from before, as one update, or null. Where nothing may be kept any more, because fewer
      people read the text since, it is taken off this device. */
  async load() {
    if (!this.keeps && (await unsavedDatabases()).includes(this.name)) this.store = this.opened();
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

  /** Keeps an update, at once: it must be there also if the window goes in the next moment. */
  add(update) {
    const { db } = this.store ?? {};
    if (!db) return;
    this.holds = true;
    const writing = db.transaction("updates", "readwrite");
    writing.objectStore("updates").add(update);
    writing.commit?.();
  }

  /** Everything is saved: the shelf is empty again, at once. */
  clear() {
    const { db } = this.store ?? {};
    if (!db || !this.holds) return;
    this.holds = false;
    db.transaction("updates", "readwrite").objectStore("updates").clear();
  }

  /** Takes the shelf down, with what is on it. */
  async remove() {
    const { store } = this;
    this.store = null;
    if (store) await store.clearData().catch(() => {});
    this.doc.destroy();
  }

  /** Nothing may be kept any more: what is on it goes, and nothing comes. */
  async stopKeeping() {
    this.keeps = false;
    await this.remove();
  }

  /** Leaves what is on it for the next time. */
  close() {
    this.store?.destroy();
    this.doc.destroy();
  }
}

/** Takes away what other people left on this device: a text belongs to who is signed in now. */
export async function forgetOthers(person) {
  for (const name of await unsavedDatabases()) if (!name.endsWith(person)) window.indexedDB.deleteDatabase(name);
}
