// @ts-check
/* What one phone counted at a table, and the last known numbers of all: in IndexedDB, whose transactions keep two tabs of one
   phone from overwriting each other (localStorage does not). No names, no times. */
import { openDB } from "idb";

const PREFIX = "coalition-table-";
const STORE = "tally";
const ONE = "table"; // the only key

/**
 * `sequence`: how many presses the total consists of; `sent`: up to which press the server knows it;
 * `totals`: of all phones, as the server said them last.
 * @typedef {{ device: string, sequence: number, taps: number, sent: number, totals?: Totals }} Tally
 *
 * @typedef {{ taps: number, codes: number }} Totals
 *
 * What the server knows of this phone.
 * @typedef {{ sequence: number, own: number }} Known
 *
 * @typedef {{ tally: { key: string, value: Tally } }} Schema
 */

export class TallyStore {
  /** @param {string} table its UUID */
  constructor(table) {
    this.name = PREFIX + table;
    /** @type {Promise<import("idb").IDBPDatabase<Schema>> | undefined} */
    this.database = undefined;
  }

  open() {
    this.database ??= openDB(this.name, 1, {
      upgrade(database) {
        database.createObjectStore(STORE);
      },
    });
    return this.database;
  }

  /**
   * Change the total in one transaction; returns it.
   * @param {(tally: Tally) => void} change
   */
  async change(change) {
    const transaction = (await this.open()).transaction(STORE, "readwrite");
    const tally = (await transaction.store.get(ONE)) ?? {
      device: crypto.randomUUID(),
      sequence: 0,
      taps: 0,
      sent: 0,
    };
    change(tally);
    transaction.store.put(tally, ONE);
    await transaction.done;
    return tally;
  }

  read() {
    return this.change(() => undefined);
  }

  /**
   * One more, or one fewer; never below nought.
   * @param {number} by 1 or -1
   */
  press(by) {
    return this.change((tally) => {
      if (tally.taps + by < 0) return;
      tally.taps += by;
      tally.sequence += 1;
    });
  }

  /**
   * Store the numbers of all phones, for the page without a connection.
   * @param {Totals} totals
   */
  remember({ taps, codes }) {
    return this.change((tally) => {
      tally.totals = { taps, codes };
    });
  }

  /**
   * Take over what the server knows. Where it knows more presses than the phone, the phone lost its last
   * writes: the server's total holds, with what was pressed since it was asked.
   * @param {Known} known
   * @param {Tally} asked the total that was sent
   */
  answered(known, asked) {
    return this.change((tally) => {
      if (known.sequence > tally.sequence) {
        tally.taps = Math.max(0, known.own + tally.taps - asked.taps);
        tally.sequence += known.sequence - asked.sequence;
      }
      tally.sent = Math.max(tally.sent, known.sequence);
    });
  }
}
