// People who type, as raw frames: what a page costs here is next to nothing, so that the servers are what is
// measured. One process for every server.
//
// One line of JSON on the input: { kind, address, documents: [{ name, cookies }, …], rate, warm, seconds }.
// `address` holds {document}; `kind` is "plain" or "hocuspocus", which puts the document's name before every
// frame and wants to be greeted. Each person has a paragraph and appends a word of nine letters, `rate` times
// a second. One line of JSON on the output: what was sent and delivered, and how long deliveries took, in ms.
import { createConnection } from "node:net";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import * as Y from "yjs";

const WORD = 9; // "@" and eight digits
const AT = "@".charCodeAt(0);

const uint = (number) => {
  const out = [];
  while (number > 127) {
    out.push(128 | (number & 127));
    number = Math.floor(number / 128);
  }
  out.push(number);
  return out;
};
const string = (words) => {
  const bytes = Buffer.from(words);
  return [...uint(bytes.length), ...bytes];
};

// The id of the last block of a document that a server answers with.
function lastOf(answer) {
  let at = 0;
  while (answer[at] > 127) at += 1;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, answer.subarray(at + 1));
  const root = doc.getXmlFragment("text");
  return root.length ? root.get(root.length - 1)._item.id : null;
}

const sent = []; // number of a word → when, by whom
const owner = [];
let measuring = false;
const took = [];
let failed = "";

class Person {
  constructor({ kind, address, name, cookie, replica, room }) {
    Object.assign(this, { kind, name, cookie, replica, room });
    this.url = new URL(address.replace("{document}", name));
    this.prefix = kind === "hocuspocus" ? string(name) : [];
    this.clock = 0;
    this.seen = 0;
    this.rest = Buffer.alloc(0);
    this.open = false;
  }

  connect() {
    return new Promise((resolve, reject) => {
      const { hostname, port, pathname } = this.url;
      this.socket = createConnection({ host: hostname, port: Number(port), noDelay: true }, () => {
        const head = [
          `GET ${pathname} HTTP/1.1`,
          `Host: ${hostname}:${port}`,
          `Origin: http://${hostname}:${port}`,
          "Upgrade: websocket",
          "Connection: Upgrade",
          `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
          "Sec-WebSocket-Version: 13",
          ...(this.cookie ? [`Cookie: sessionid=${this.cookie}`] : []),
        ];
        this.socket.write(`${head.join("\r\n")}\r\n\r\n`);
      });
      this.socket.on("error", reject);
      this.socket.on("close", () => {
        if (!this.done) failed ||= `a socket of ${this.name} was closed: ${this.closing ?? "without a word"}`;
        reject(new Error(failed));
      });
      this.synced = resolve;
      this.socket.on("data", (chunk) => this.hear(chunk));
    });
  }

  greet() {
    if (this.kind === "hocuspocus") this.send([2, 0, ...string("token"), ...string("4.7.0")]);
    this.send([0, 0, 1, 0]); // step 1 of an empty document
  }

  // A frame of the protocol, masked with zeros: the payload stays as it is.
  send(payload) {
    const body = Buffer.from([...this.prefix, ...payload]);
    const head = body.length < 126 ? [0x82, 0x80 | body.length] : [0x82, 0xfe, body.length >> 8, body.length & 255];
    this.socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]));
  }

  // Append a word to the own paragraph; the first time make the paragraph.
  type() {
    const word = sent.length;
    const letters = [...Buffer.from(`@${String(word).padStart(WORD - 1, "0")}`)];
    const structs = [];
    let count = 1;
    if (this.clock === 0) {
      // An element in the root, behind what the document began with.
      if (this.room.last) structs.push(0x87, ...uint(this.room.last.client), ...uint(this.room.last.clock));
      else structs.push(7, 1, ...string("text"));
      structs.push(3, ...string("paragraph"));
      structs.push(7, 0, ...uint(this.replica), 0, 6); // its text
      structs.push(4, 0, ...uint(this.replica), 1, WORD, ...letters);
      count = 3;
    } else {
      structs.push(0x84, ...uint(this.replica), ...uint(this.clock - 1), WORD, ...letters);
    }
    const update = [1, count, ...uint(this.replica), ...uint(this.clock), ...structs, 0];
    this.clock += WORD + (count - 1);
    sent.push(performance.now());
    owner.push(this);
    this.room.sent += 1;
    this.send([0, 2, ...uint(update.length), ...update]);
  }

  hear(chunk) {
    let data = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    if (!this.open) {
      const end = data.indexOf("\r\n\r\n");
      if (end < 0) {
        this.rest = data;
        return;
      }
      if (!data.subarray(0, 12).toString().includes(" 101")) {
        failed ||= data.subarray(0, end).toString();
        this.socket.destroy();
        return;
      }
      this.open = true;
      data = data.subarray(end + 4);
      this.greet();
    }
    let at = 0;
    while (data.length - at >= 2) {
      let length = data[at + 1];
      let head = 2;
      if (length === 126) {
        if (data.length - at < 4) break;
        length = data.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (data.length - at < 10) break;
        length = Number(data.readBigUInt64BE(at + 2));
        head = 10;
      }
      if (data.length - at < head + length) break;
      this.take(data[at] & 15, data, at + head, at + head + length);
      at += head + length;
    }
    this.rest = data.subarray(at);
  }

  take(opcode, data, from, to) {
    if (opcode === 8) {
      this.closing = `${data.readUInt16BE(from)} ${data.subarray(from + 2, to)}`;
      return;
    }
    if (opcode === 9) {
      this.socket.write(Buffer.concat([Buffer.from([0x8a, 0x80 | (to - from), 0, 0, 0, 0]), data.subarray(from, to)]));
      return;
    }
    const start = from + this.prefix.length;
    const kind = data[start];
    // hocuspocus answers with a kind of its own.
    if ((kind === 0 || kind === 4) && data[start + 1] === 1) {
      this.room.last ??= lastOf(data.subarray(start + 2, to));
      this.synced();
    }
    if ((kind !== 0 && kind !== 4) || data[start + 1] === 0) return;
    const now = performance.now();
    let at = start;
    for (;;) {
      at = data.indexOf(AT, at);
      if (at < 0 || at >= to) return;
      const word = Number(data.toString("latin1", at + 1, at + WORD));
      if (sent[word] === undefined) {
        at += 1; // a number that looks like the letter
        continue;
      }
      if (owner[word] !== this) {
        this.seen += 1;
        if (measuring) took.push(now - sent[word]);
      }
      at += WORD;
    }
  }

  end() {
    this.done = true;
    this.socket.destroy();
  }
}

const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function run({ kind, address, documents, rate, warm, seconds }) {
  const people = [];
  const rooms = documents.map(() => ({ sent: 0 }));
  documents.forEach(({ name, cookies }, number) => {
    for (const cookie of cookies) {
      const replica = 1000 + people.length * 7;
      people.push(new Person({ kind, address, name, cookie, replica, room: rooms[number] }));
    }
  });
  for (const person of people) await person.connect();
  process.stdout.write(`${JSON.stringify({ connected: people.length })}\n`);
  const timers = people.map((person) =>
    setTimeout(() => {
      person.type();
      person.timer = setInterval(() => person.type(), 1000 / rate);
    }, Math.random() * (1000 / rate)),
  );
  await wait(warm);
  process.stdout.write(`${JSON.stringify({ measuring: true })}\n`);
  measuring = true;
  const begun = performance.now();
  const busy = process.cpuUsage();
  await wait(seconds);
  const used = process.cpuUsage(busy);
  measuring = false;
  const span = performance.now() - begun;
  process.stdout.write(`${JSON.stringify({ measured: true })}\n`);
  for (const timer of timers) clearTimeout(timer);
  for (const person of people) clearInterval(person.timer);
  const mine = new Map(people.map((person) => [person, 0]));
  for (const one of owner) mine.set(one, mine.get(one) + 1);
  const expected = people.reduce((sum, person) => sum + person.room.sent - mine.get(person), 0);
  const delivered = () => people.reduce((sum, person) => sum + person.seen, 0);
  for (let tries = 0; tries < 100 && delivered() < expected; tries += 1) await wait(0.1);
  for (const person of people) person.end();
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return {
    failed,
    sent: sent.length,
    expected,
    delivered: delivered(),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    own: ((used.user + used.system) / 1000 / span) * 100,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
  process.exit(0);
}
