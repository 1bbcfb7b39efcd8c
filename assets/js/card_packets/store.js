// @ts-check
/* What a phone stores about packets of cards, in localStorage: what was entered and is not sent yet, and the
   numbers as the server told them last. Packets are numbered; nobody is named. One entry a design and person. */

export const PREFIX = "coalition-cards-";

/** What volunteers hand back, in the order of the form; the server's names (`HANDED_BACK`). */
export const KINDS = /** @type {const} */ (["collected", "returned", "posted", "lost"]);

/**
 * @typedef {{ id: string, number: number, stock: number }} Batch
 * @typedef {{ id: string, label: string, mark: string, left: number, due: string }} Packet
 *
 * The server's numbers. `as_of`: milliseconds by its clock; `token`: against forged requests.
 * @typedef {{ as_of: number, today: string, batches: Batch[], packets: Packet[], token: string }} Numbers
 *
 * What was entered. `id`: its own; a packet that is given out has the same one. `left`: how many cards of the
 * packet were open when it was entered. `at`: milliseconds by the phone's clock. `tried`: it may have reached the
 * server; `why`: the server refused it; `is_written`: since its id is written there with other values. `entry`:
 * what an undo takes back.
 * @typedef {{ id: string, act: "give", at: number, batch: string, quantity: number, due: string, mark: string,
 *   tried: boolean, why?: string, is_written?: boolean }} GiveEntry
 * @typedef {{ id: string, act: "take_back", at: number, packet: string, left: number,
 *   counts: Record<string, number>, tried: boolean, why?: string, is_written?: boolean }} TakeBackEntry
 * @typedef {{ id: string, act: "undo", at: number, entry: string, tried: boolean, why?: string,
 *   is_written?: boolean }} UndoEntry
 * @typedef {GiveEntry | TakeBackEntry | UndoEntry} Entry
 */

/** @type {(entry: TakeBackEntry) => number} */
export const sumOf = ({ counts }) => KINDS.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);

const ROOM = 4000; // characters: some twenty entries

/** The storage may be full, or blocked by the browser. Then nothing is written, the numbers stay in memory, and
    `write` and `put` return false. */
export class Store {
  /** @param {string} name of the design and the person */
  constructor(name) {
    this.key = PREFIX + name;
    /** @type {Numbers | undefined} */
    this.numbers = undefined;
  }

  /** Whether this phone can store some entries. */
  hasRoom() {
    const probe = `${this.key}-probe`;
    try {
      localStorage.setItem(probe, " ".repeat(ROOM));
      localStorage.removeItem(probe);
      return true;
    } catch {
      return false;
    }
  }

  /** @returns {{ queue: Entry[], numbers?: Numbers }} */
  read() {
    /** @type {{ queue: Entry[], numbers?: Numbers }} */
    let held = { queue: [] };
    try {
      held = { ...held, ...JSON.parse(localStorage.getItem(this.key) ?? "{}") };
    } catch {
      /* blocked, or not readable */
    }
    const isNewer = (this.numbers?.as_of ?? 0) > (held.numbers?.as_of ?? 0);
    return isNewer ? { ...held, numbers: this.numbers } : held;
  }

  /** @param {{ queue: Entry[], numbers?: Numbers }} held */
  write(held) {
    try {
      localStorage.setItem(this.key, JSON.stringify(held));
      return true;
    } catch {
      return false;
    }
  }

  /** @returns {Entry[]} */
  get queue() {
    return this.read().queue;
  }

  /** Take the server's numbers unless newer ones are here.
      @param {Numbers} numbers */
  take(numbers) {
    const held = this.read();
    if ((held.numbers?.as_of ?? 0) > numbers.as_of) return;
    this.numbers = numbers;
    this.write({ ...held, numbers });
  }

  /** @param {Entry[]} queue */
  replace(queue) {
    return this.write({ ...this.read(), queue });
  }

  /** Add an entry, or put it in the place of the one with its id.
      @param {Entry} entry */
  put(entry) {
    const { queue } = this;
    const place = queue.findIndex(({ id }) => id === entry.id);
    if (place < 0) queue.push(entry);
    else queue[place] = entry;
    return this.replace(queue);
  }

  /** @param {string} id */
  remove(id) {
    return this.replace(this.queue.filter((entry) => entry.id !== id));
  }

  /** Give a refused entry whose id is written with other values a new one; return the entry.
      @param {Entry} entry @returns {Entry} */
  renew(entry) {
    if (!entry.is_written) return entry;
    const renewed = { ...entry, id: crypto.randomUUID(), is_written: false };
    this.replace(this.queue.map((one) => (one.id === entry.id ? renewed : one)));
    return renewed;
  }

  /**
   * What may be sent now, in its order: nothing that was refused, nor what needs a packet whose handing out was.
   * @returns {Entry[]}
   */
  sendable() {
    const { queue } = this;
    const refused = new Set(queue.filter(({ why }) => why).map(({ id }) => id));
    return queue.filter((entry) => !entry.why && !(entry.act === "take_back" && refused.has(entry.packet)));
  }

  /**
   * Packets that are out and what is in stock, as they will be once everything is sent. What was refused changes
   * nothing.
   * @returns {{ packets: Packet[], batches: Batch[], today: string }}
   */
  expected() {
    const { numbers, queue } = this.read();
    const batches = (numbers?.batches ?? []).map((batch) => ({ ...batch }));
    const packets = (numbers?.packets ?? []).map((packet) => ({ ...packet }));
    for (const entry of queue) {
      if (entry.why) continue;
      if (entry.act === "give") {
        const batch = batches.find(({ id }) => id === entry.batch);
        if (batch) batch.stock -= entry.quantity;
        if (!packets.some(({ id }) => id === entry.id))
          packets.push({ id: entry.id, label: "", mark: entry.mark, left: entry.quantity, due: entry.due });
      } else if (entry.act === "take_back") {
        const packet = packets.find(({ id }) => id === entry.packet);
        if (packet) packet.left -= sumOf(entry);
      }
    }
    const open = packets.filter(({ left }) => left > 0);
    open.sort((one, other) => one.due.localeCompare(other.due));
    return { packets: open, batches, today: numbers?.today ?? "" };
  }
}

/** The pages do not open without a connection any more. */
async function removeOfflinePages() {
  const names = (await window.caches?.keys?.()) ?? [];
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map((name) => caches.delete(name)));
  const registrations = (await navigator.serviceWorker?.getRegistrations?.()) ?? [];
  const own = registrations.filter(({ scope }) => /\/postcards\/[^/]+\/hand\/$/.test(scope));
  await Promise.all(own.map((one) => one.unregister()));
}

/** On signing out: delete the numbers of every design; what is not sent stays until its person signs in again. */
export async function clearCardPackets() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    const store = new Store(key.slice(PREFIX.length));
    const { queue } = store;
    if (queue.length) store.write({ queue });
    else localStorage.removeItem(key);
  }
  await removeOfflinePages();
}
