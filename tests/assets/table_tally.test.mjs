/* What a phone stores of a table: its own total, and the last known numbers of all phones. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { TallyStore } from "../../assets/js/table/tally.js";

/** A store on the same database as before, as after a reload. */
function reloaded(held) {
  const store = new TallyStore("t");
  store.database = Promise.resolve({
    transaction: () => ({
      store: {
        get: async (key) => structuredClone(held.get(key)),
        put: (value, key) => void held.set(key, structuredClone(value)),
      },
      done: Promise.resolve(),
    }),
  });
  return store;
}

test("the numbers of all phones are those that were known last, also after a reload without a connection", async () => {
  const held = new Map();
  const store = reloaded(held);
  assert.equal((await store.read()).totals, undefined, "none is known yet");
  await store.press(1);
  await store.remember({ state: "open", closed: "", taps: 5, codes: 2 });
  await store.press(1);
  const { taps, sent, totals } = await reloaded(held).read();
  assert.deepEqual({ taps, sent, totals }, { taps: 2, sent: 0, totals: { taps: 5, codes: 2 } });
});
