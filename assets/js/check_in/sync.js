/** Speaking with the server: sends what waits and asks for what is new, one talk at a time. It ends in one of
    the words below; what was pressed stays in the queue until the server has answered it. */
const TOGETHER = 500; // ticks in one request
const PATIENCE = 15_000;

export const ONLINE = "online";
export const OFFLINE = "offline";
export const SIGNED_OUT = "signed out";
export const ENDED = "ended"; // the right to stand here is gone
export const OVER = "over"; // the event is

class Stop extends Error {
  constructor(state, why = "") {
    super(state);
    Object.assign(this, { state, why });
  }
}

export class CheckInSync {
  constructor({ changes, ticks, store, answered }) {
    Object.assign(this, { changes, ticks, store, answered });
    this.token = "";
  }

  /** Send and ask; a call during a talk is one more talk after it. Resolves to `{ state, why }`. */
  talk() {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.talked().finally(() => {
      this.running = undefined;
      if (this.again) {
        this.again = false;
        this.talk();
      }
    });
    return this.running;
  }

  async talked() {
    let told;
    try {
      told = await this.sendAndAsk();
    } catch (fault) {
      told = fault instanceof Stop ? fault : { state: OFFLINE, why: "" };
    }
    const { state, why } = told;
    this.after?.({ state, why });
    return { state, why };
  }

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

  async ask() {
    const door = await this.store.door();
    const said = await this.asked(`${this.changes}?since=${door.salt ? door.number : 0}`, {}, door);
    const body = await said.json();
    this.token = body.token ?? this.token;
    if (said.status === 410) return { state: OVER, why: body.why };
    const { number } = await this.store.take(body);
    return number === 0 && !body.whole ? this.ask() : undefined;
  }

  async send(batch, over, fresh = false) {
    const door = await this.store.door();
    const said = await this.asked(`${this.ticks}?since=${door.salt ? door.number : 0}`, this.question(batch), door);
    if (said.status === 403) {
      if (fresh) throw new Stop(ENDED);
      const told = await this.ask(); // the page may be older than its session: a new token, or the end
      return this.send(batch, told ?? over, true);
    }
    const body = await said.json();
    if (said.status === 422) throw new Stop(over ? OVER : OFFLINE, body.why);
    return body;
  }

  question(batch) {
    return {
      method: "POST",
      headers: { "X-CSRFToken": this.token, "Content-Type": "application/json" },
      body: JSON.stringify({ clock: Date.now(), ticks: batch }),
    };
  }

  /** The answer, if it is one that says something. Raises Stop, or TypeError without a connection. */
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
