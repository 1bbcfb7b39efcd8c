// @ts-check
/* What a phone at the entrance stores in IndexedDB: hashes of codes with the phone's own salt, who has
   arrived and when, and actions that are not sent yet. No names. One database an event, named after it. */
import { openDB } from "idb";

import { databaseNames, deleteDatabase } from "../databases.js";

export const PREFIX = "coalition-door-";
const STORES = /** @type {const} */ (["kept", "guests", "queue"]);
const ONE = "door"; // the only key of the store `kept`

/**
 * The phone's own record. Times are milliseconds by the phone's clock, `until` by the server's.
 * @typedef {{ phone: string, number: number, salt?: string, rounds?: number, until?: number, skew?: number,
 *   asked?: number, sent?: number }} PhoneRecord
 *
 * `came`: since when the guest is here, 0: not here.
 * @typedef {{ hash: string, id: number, state: string, came: number }} Guest
 *
 * What was pressed. `mark`: an id of its own; `takes_back`: that of the tick it undoes.
 * @typedef {{ mark: string, guest: number, at: number, takes_back?: string }} QueueEntry
 *
 * The server's list, whole or what changed since `number`; a guest's hash is empty where the phone has it.
 * @typedef {{ salt: string, rounds: number, number: number, until: number, clock: number, whole?: boolean,
 *   guests: [hash: string, id: number, state: string, came: number][] }} GuestList
 *
 * A tick of this phone, which may still be undone.
 * @typedef {{ said: "here", at: number, mark: string, guest: number }} NewTick
 *
 * What there is to say of a code.
 * @typedef {NewTick | { said: string, at?: number, mark?: undefined }} Tick
 *
 * @typedef {{ kept: { key: string, value: PhoneRecord }, queue: { key: number, value: QueueEntry },
 *   guests: { key: string, value: Guest, indexes: { id: number } } }} Schema
 */

export class Store {
  /** @param {string} event its UUID */
  constructor(event) {
    this.name = PREFIX + event;
    /** @type {Promise<import("idb").IDBPDatabase<Schema>> | undefined} */
    this.database = undefined;
  }

  /** The page's one connection. */
  open() {
    if (this.database) return this.database;
    this.database = openDB(this.name, 1, {
      upgrade(database) {
        database.createObjectStore("kept");
        database.createObjectStore("guests", { keyPath: "hash" }).createIndex("id", "id");
        database.createObjectStore("queue", { autoIncrement: true });
      },
      // Another page deletes it.
      blocking: (_held, _wanted, { target }) => /** @type {IDBDatabase} */ (target).close(),
    });
    this.database.catch(() => {
      this.database = undefined; // tried again
    });
    return this.database;
  }

  /** Begin one transaction on all of it: nothing else comes between. */
  async begin() {
    const transaction = (await this.open()).transaction(STORES, "readwrite");
    const [kept, guests, queue] = [
      transaction.objectStore("kept"),
      transaction.objectStore("guests"),
      transaction.objectStore("queue"),
    ];
    return { kept, guests, queue, done: transaction.done };
  }

  /** The phone's own record; a phone that is new here gets its random number. */
  async record() {
    const { kept, done } = await this.begin();
    let record = await kept.get(ONE);
    if (!record) {
      record = { phone: crypto.randomUUID(), number: 0 };
      kept.put(record, ONE);
    }
    await done;
    return record;
  }

  /** What is not sent yet, in the order in which it was pressed. */
  async queued() {
    return (await this.open()).getAll("queue");
  }

  /** How many are here, of how many. */
  async counts() {
    const all = (await (await this.open()).getAll("guests")).filter(({ state }) => state === "confirmed");
    return { here: all.filter(({ came }) => came).length, confirmed: all.length };
  }

  /**
   * Somebody shows the code with this hash: what there is to say, and a tick in the queue if they are new.
   * @param {string} hash
   * @param {number} [at] milliseconds by the phone's clock
   * @returns {Promise<Tick>}
   */
  async tick(hash, at = Date.now()) {
    const { guests, queue, done } = await this.begin();
    const guest = await guests.get(hash);
    if (!guest) return { said: "unknown" };
    if (guest.state !== "confirmed") return { said: guest.state };
    if (guest.came) return { said: "before", at: guest.came };
    const mark = crypto.randomUUID();
    queue.add({ mark, guest: guest.id, at });
    guests.put({ ...guest, came: at });
    await done;
    return { said: "here", at, mark, guest: guest.id };
  }

  /**
   * It was somebody else.
   * @param {Pick<NewTick, "mark" | "guest">} tick
   */
  async takeBack({ mark, guest }) {
    const { guests, queue, done } = await this.begin();
    queue.add({ mark: crypto.randomUUID(), takes_back: mark, guest, at: Date.now() });
    const row = await guests.index("id").get(guest);
    if (row) guests.put({ ...row, came: 0 });
    await done;
  }

  /**
   * Take over what the server says: what it answered leaves the queue; what is still in the queue stands over
   * what the server knows of them.
   * @param {GuestList | { salt?: undefined }} list
   * @param {{ mark: string }[]} [answers]
   */
  async take(list, answers = []) {
    const { kept, guests, queue, done } = await this.begin();
    const answered = new Set(answers.map(({ mark }) => mark));
    const record = await kept.get(ONE);
    if (!record) throw new Error("everything was deleted while the server answered");
    const [keys, entries] = await Promise.all([queue.getAllKeys(), queue.getAll()]);
    if (entries.every(({ mark }) => answered.has(mark))) queue.clear();
    else entries.forEach((entry, place) => answered.has(entry.mark) && queue.delete(keys[place]));
    if (answered.size) record.sent = Date.now();
    if (list.salt) {
      const held = list.whole ? [] : await guests.getAll();
      const rows = new Map(held.map((row) => [row.id, row]));
      if (list.whole) guests.clear();
      const { salt, rounds, number, until } = list;
      Object.assign(record, {
        salt,
        rounds,
        number,
        until,
        skew: list.clock - Date.now(),
        asked: Date.now(),
      });
      for (const [hash, id, state, came] of list.guests) {
        const row = hash ? { hash, id } : rows.get(id);
        if (!row) {
          record.number = 0; // somebody new: the whole list is asked for
          continue;
        }
        const guest = { ...row, state, came };
        rows.set(id, guest);
        guests.put(guest);
      }
      for (const entry of entries.filter(({ mark }) => !answered.has(mark))) {
        const row = rows.get(entry.guest);
        if (!row) continue;
        const guest = { ...row, came: entry.takes_back ? 0 : row.came || entry.at };
        rows.set(guest.id, guest);
        guests.put(guest);
      }
    }
    kept.put(record, ONE);
    await done;
    return record;
  }

  /** Delete the list; actions that are not sent yet stay until they are: they identify nobody. */
  async forgetList() {
    const { kept, guests, done } = await this.begin();
    guests.clear();
    const record = await kept.get(ONE);
    if (record) kept.put({ phone: record.phone, sent: record.sent, number: 0 }, ONE);
    await done;
  }

  async forgetAll() {
    const database = this.database;
    this.database = undefined;
    await database?.then(
      (one) => one.close(),
      () => undefined, // it never opened
    );
    await deleteDatabase(this.name);
  }
}

/** On signing out: delete the list of every event, and everything where nothing waits to be sent. */
export async function clearCheckInData() {
  const names = await databaseNames(PREFIX);
  await Promise.all(
    names.map(async (name) => {
      const store = new Store(name.slice(PREFIX.length));
      if ((await store.queued()).length) await store.forgetList();
      else await store.forgetAll();
    }),
  );
  await Promise.all(names.map((name) => removeOfflinePage(name)));
}

/**
 * The page does not open without a connection any more.
 * @param {string} name of the event's database
 */
export async function removeOfflinePage(name) {
  await window.caches?.delete(name);
  const registrations = (await navigator.serviceWorker?.getRegistrations?.()) ?? [];
  const event = name.slice(PREFIX.length);
  await Promise.all(
    registrations
      .filter(({ scope }) => scope.includes(`/events/${event}/press/door/`))
      .map((one) => one.unregister()),
  );
}
