/* What a phone stores about packets of cards, also where it cannot, and which marks it accepts. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { dayInWords, isDueDay } from "../../assets/js/card_packets/days.js";
import { hintsAtPerson } from "../../assets/js/card_packets/mark.js";
import { Store } from "../../assets/js/card_packets/store.js";
import { ONLINE, PacketSync } from "../../assets/js/card_packets/sync.js";

/** A storage that holds so many characters; undefined: the browser blocks it. */
function storage(room) {
  const held = new Map();
  const block = () => {
    if (room === undefined) throw new DOMException("", "SecurityError");
  };
  globalThis.localStorage = {
    getItem: (key) => (block(), held.get(key) ?? null),
    removeItem: (key) => (block(), void held.delete(key)),
    setItem(key, value) {
      block();
      if (value.length > room) throw new DOMException("", "QuotaExceededError");
      held.set(key, value);
    },
  };
}

const entry = (id, more) => ({ id, act: "take_back", at: 1, packet: "p", left: 9, counts: {}, tried: false, ...more });
const numbers = (as_of) => ({ as_of, today: "2026-05-01", batches: [], packets: [], token: "t" });

test("a full or blocked storage is noticed before and after, and the numbers stay in memory", () => {
  for (const room of [undefined, 120]) {
    storage(room);
    const store = new Store("d");
    assert.equal(store.hasRoom(), false);
    assert.equal(store.put(entry("x".repeat(120))), false);
    assert.deepEqual(store.queue, []);
    store.take(numbers(5));
    assert.equal(store.read().numbers.as_of, 5);
  }
  storage(100_000);
  const store = new Store("d");
  assert.equal(store.hasRoom(), true);
  assert.equal(store.put(entry("a")), true);
  assert.deepEqual(store.queue.map(({ id }) => id), ["a"]);
});

test("an entry whose id is written with other values gets a new one in its place", () => {
  storage(100_000);
  const store = new Store("d");
  for (const id of ["a", "b"]) store.put(entry(id, { why: "no", is_written: id === "b" }));
  assert.equal(store.renew(store.queue[0]).id, "a");
  const renewed = store.renew(store.queue[1]);
  assert.notEqual(renewed.id, "b");
  assert.deepEqual(store.queue.map(({ id }) => id), ["a", renewed.id]);
});

function syncWith(store, answers) {
  const sent = [];
  globalThis.fetch = async (path, { body }) => {
    if (!body) return { ok: true, json: async () => numbers(1) };
    const { entries } = JSON.parse(body);
    sent.push(entries.map(({ id }) => id));
    return { ok: true, json: async () => ({ numbers: numbers(2), answers: entries.map(({ id }) => answers(id)) }) };
  };
  const ends = [];
  const sync = new PacketSync({ state: "/s", entries: "/e", store, after: (end) => ends.push(end) });
  return { sync, sent, ends };
}

test("what cannot be stored is sent at once, and its answer comes back", async () => {
  storage(undefined);
  const { sync, sent } = syncWith(new Store("d"), (id) => ({ id, why: "", is_written: false }));
  assert.equal((await sync.sendUnstored(entry("a"))).why, "");
  assert.deepEqual(sent, [["a"]]);
});

test("a reason that does not fit into the storage does not send for ever", async () => {
  storage(260);
  const store = new Store("d");
  assert.ok(store.put(entry("a")));
  const { sync, sent, ends } = syncWith(store, (id) => ({ id, why: "x".repeat(300), is_written: true }));
  await sync.run();
  assert.deepEqual(sent, [["a"]]);
  assert.deepEqual(ends, [ONLINE]);
  assert.deepEqual(store.queue.map(({ id }) => id), ["a"]);
});

test("marks are judged by the rule that the field brings", () => {
  const rule = { person: "@|([0-9][^0-9]?){5}", capitals: "1" };
  for (const mark of ["", "green dot", "Жасыл", "Красная наклейка 2", "Bc red"]) assert.ok(!hintsAtPerson(mark, rule));
  for (const mark of ["Аружан Тестова", "red Star Blue", "A Bc", "aru@mail", "8 701 222"])
    assert.ok(hintsAtPerson(mark, rule));
});

test("a packet that was refused is not out, and takes nothing from the stock", () => {
  storage(100_000);
  const store = new Store("d");
  store.take({ ...numbers(1), batches: [{ id: "b", number: 1, stock: 10 }] });
  const give = { act: "give", at: 1, batch: "b", quantity: 4, mark: "", due: "2026-05-09", tried: false };
  store.put({ ...give, id: "a" });
  store.put({ ...give, id: "r", due: "2020-01-01", why: "no" });
  const { packets, batches } = store.expected();
  assert.deepEqual(packets.map(({ id }) => id), ["a"]);
  assert.equal(batches[0].stock, 6);
  assert.equal(store.queue.length, 2);
});

test("days have the server's names of months, and the year where it is another one", () => {
  const months = [..."0123456789", "қараша", "желтоқсан"];
  assert.equal(dayInWords("2026-11-08", "2026-05-01", months), "8 қараша");
  assert.equal(dayInWords("2027-12-28", "2026-05-01", months), "28 желтоқсан 2027");
});

test("a packet is due within the limits of the field", () => {
  const field = { min: "2026-05-01", max: "2027-05-02" };
  for (const day of ["2026-05-01", "2027-05-02"]) assert.ok(isDueDay(day, field));
  for (const day of ["", "2020-01-01", "2027-05-03"]) assert.ok(!isDueDay(day, field));
});
