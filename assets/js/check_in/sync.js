// @ts-check
/* Sends what waits to the server and asks for what is new, one run at a time. It ends in one of the states
   below; what was pressed stays in the queue until the server has answered it. */
const TOGETHER = 500; // ticks in one request
const PATIENCE = 15_000;

export const ONLINE = "online";
export const OFFLINE = "offline";
export const SIGNED_OUT = "signed out";
export const ENDED = "ended"; // the right to stand here is gone
export const OVER = "over"; // the event is

/** @typedef {import("./store.js").QueueEntry} QueueEntry */
/** @typedef {import("./store.js").GuestList} GuestList */
/** @typedef {{ state: string, why: string }} Outcome */

/**
 * What the server has of a tick. `seen`: how it took it; `since`, `other`: when the guest came here, at another phone.
 * @typedef {{ mark: string, seen: string, since: number, other?: number }} TickAnswer
 */

class Stop extends Error {
  /**
   * @param {string} state
   * @param {string} [why]
   */
  constructor(state, why = "") {
    super(state);
    this.state = state;
    this.why = why;
  }
}

export class CheckInSync {
  /**
   * @param {{ changes: string, ticks: string, store: import("./store.js").Store,
   *   answered: (answers: TickAnswer[], batch: QueueEntry[]) => void, after: (outcome: Outcome) => void }} given
   *   `changes`, `ticks`: addresses; `after` is called at the end of each run
   */
  constructor({ changes, ticks, store, answered, after }) {
    this.changes = changes;
    this.ticks = ticks;
    this.store = store;
    this.answered = answered;
    this.after = after;
    this.token = "";
    this.again = false;
    /** @type {Promise<Outcome> | undefined} */
    this.running = undefined;
  }

  /**
   * Sends and asks; a call during a run is one more run after it.
   * @returns {Promise<Outcome>}
   */
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
    /** @type {Outcome} */
    let told;
    try {
      told = await this.sendAndAsk();
    } catch (fault) {
      told = fault instanceof Stop ? fault : { state: OFFLINE, why: "" };
    }
    const { state, why } = told;
    this.after({ state, why });
    return { state, why };
  }

  /** @type {() => Promise<Outcome>} */
  async sendAndAsk() {
    let over;
    if (!this.token || !(await this.store.queued()).length) over = await this.ask();
    let waiting = await this.store.queued();
    while (waiting.length) {
      const batch = waiting.slice(0, TOGETHER);
      const said = await this.send(batch, over);
      const { number } = await this.store.take(said, said.answers);
      this.answered(said.answers, batch);
      if (said.salt && number === 0 && !said.whole) await this.ask();
      waiting = await this.store.queued();
    }
    return over ?? { state: ONLINE, why: "" };
  }

  /** @type {() => Promise<Outcome | undefined>} */
  async ask() {
    const record = await this.store.record();
    const said = await this.asked(`${this.changes}?since=${record.salt ? record.number : 0}`, {}, record);
    const body = await said.json();
    this.token = body.token ?? this.token;
    if (said.status === 410) return { state: OVER, why: body.why };
    const { number } = await this.store.take(body);
    return number === 0 && !body.whole ? this.ask() : undefined;
  }

  /** @param {QueueEntry[]} batch @param {Outcome} [over] @param {boolean} [fresh] @returns {Promise<any>} any: JSON */
  async send(batch, over, fresh = false) {
    const record = await this.store.record();
    const said = await this.asked(
      `${this.ticks}?since=${record.salt ? record.number : 0}`,
      this.question(batch),
      record,
    );
    if (said.status === 403) {
      if (fresh) throw new Stop(ENDED);
      const told = await this.ask(); // the page may be older than its session: a new token, or the end
      return this.send(batch, told ?? over, true);
    }
    const body = await said.json();
    if (said.status === 422) throw new Stop(over ? OVER : OFFLINE, body.why);
    return body;
  }

  /** @type {(batch: QueueEntry[]) => RequestInit & { headers: Record<string, string> }} */
  question(batch) {
    return {
      method: "POST",
      headers: { "X-CSRFToken": this.token, "Content-Type": "application/json" },
      body: JSON.stringify({ clock: Date.now(), ticks: batch }),
    };
  }

  /** The answer, if it is one that says something. Raises Stop, or TypeError without a connection.
      @param {string} path @param {RequestInit & { headers?: Record<string, string> }} question @param {{ phone: string }} record */
  async asked(path, question, { phone }) {
    const said = await fetch(path, {
      ...question,
      headers: { ...question.headers, "X-Door-Phone": phone },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (said.type === "opaqueredirect") throw new Stop(SIGNED_OUT);
    const isPost = question.method === "POST";
    if (said.status === 404 || (said.status === 403 && !isPost)) throw new Stop(ENDED);
    if (said.status >= 500 || said.status === 429) throw new Stop(OFFLINE);
    return said;
  }
}
