// @ts-check
/* Sends what waits and asks for the numbers, one run at a time. What was entered stays on the phone until the
   server has answered it; what it refused stays with the reason. */
const TOGETHER = 50; // entries in one request
const PATIENCE = 15_000;

export const ONLINE = "online";
export const OFFLINE = "offline";
export const SIGNED_OUT = "signed_out";
export const ENDED = "ended"; // the right to enter cards here is gone

/** @typedef {import("./store.js").Entry} Entry */

/**
 * What became of an entry. `why` it was refused, "" if it is written; `is_written`: its id is written with other
 * values.
 * @typedef {{ id: string, why: string, is_written: boolean }} Answer
 */

class Stop extends Error {}

export class PacketSync {
  /**
   * @param {{ state: string, entries: string, store: import("./store.js").Store, after: (state: string) => void }} given
   *   `state`, `entries`: addresses; `after` is called at the end of each run
   */
  constructor({ state, entries, store, after }) {
    this.state = state;
    this.entries = entries;
    this.store = store;
    this.after = after;
    this.again = false;
    this.token = "";
    /** @type {Promise<void> | undefined} */
    this.running = undefined;
  }

  /** Send and ask; a call during a run is one more run after it. */
  run() {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.runOnce().finally(() => {
      this.running = undefined;
      if (this.again) {
        this.again = false;
        this.run();
      }
    });
    return this.running;
  }

  async runOnce() {
    let end = ONLINE;
    try {
      await this.ask();
      for (let batch = this.next(); batch.length; batch = this.next()) await this.send(batch);
    } catch (fault) {
      end = fault instanceof Stop ? fault.message : OFFLINE;
    }
    this.after(end);
  }

  next() {
    return this.store.sendable().slice(0, TOGETHER);
  }

  async ask() {
    const said = await this.asked(this.state, {});
    const numbers = await said.json();
    this.token = numbers.token;
    this.store.take(numbers);
  }

  /** @param {Entry[]} batch */
  async send(batch) {
    for (const entry of batch) this.store.put({ ...entry, tried: true });
    const answers = new Map((await this.post(batch)).map((answer) => [answer.id, answer]));
    const left = this.store.queue.flatMap((entry) => {
      const answer = answers.get(entry.id);
      if (!answer) return [entry];
      return answer.why ? [{ ...entry, ...answer, tried: false }] : [];
    });
    if (!this.store.replace(left)) throw new Stop(ONLINE); // no room for the reasons: sent again at the next run
  }

  /** Send an entry that this phone cannot store, after those that wait. Raises as `asked` does.
      @param {Entry} entry @returns {Promise<Answer>} */
  async sendUnstored(entry) {
    await this.run();
    await this.ask();
    const [answer] = await this.post([entry]);
    return answer;
  }

  /** @param {Entry[]} batch @returns {Promise<Answer[]>} */
  async post(batch) {
    const said = await this.asked(this.entries, {
      method: "POST",
      headers: { "X-CSRFToken": this.token, "Content-Type": "application/json" },
      body: JSON.stringify({ clock: Date.now(), entries: batch }),
    });
    const { answers, numbers } = await said.json();
    this.store.take(numbers);
    return answers;
  }

  /** The answer. Raises Stop with the state in which the page is, or TypeError without a connection.
      @param {string} path @param {RequestInit} question */
  async asked(path, question) {
    const said = await fetch(path, {
      ...question,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (said.type === "opaqueredirect") throw new Stop(SIGNED_OUT);
    if (said.status === 403 || said.status === 404) throw new Stop(ENDED);
    if (!said.ok) throw new Stop(OFFLINE);
    return said;
  }
}
