/* Numbers set anew while the page is looked at: when they are asked for, and when no more. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { EVERY, followCounters, MOST_FAULTS } from "../../assets/js/live_counters.js";

/* As much of the page as the script touches. */
function shown(columns) {
  const parts = new Map(
    columns.map((name) => {
      const texts = { "[data-number]": { textContent: "Not yet" }, "[data-as-of]": { textContent: "" } };
      const classes = new Set(["counters__one--none"]);
      const one = { querySelector: (wanted) => texts[wanted], classList: { remove: (c) => classes.delete(c) } };
      return [`[data-column="${name}"]`, { one, texts, classes }];
    }),
  );
  return {
    parts,
    list: { dataset: { counters: "/kk/c.json" }, querySelector: (wanted) => parts.get(wanted)?.one ?? null },
  };
}

const answer = (columns) => ({ ok: true, json: async () => ({ columns }) });
const online = (number) => ({ column: "online", count: 1, number, as_of_words: "now" });

async function pass(times) {
  for (let time = 0; time < times; time += 1) {
    mock.timers.tick(EVERY);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

test("numbers follow within ten seconds, unknown columns and missing numbers are left as they are", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const { list, parts } = shown(["online", "letters"]);
  const asked = [];
  const fetch = async (url, how) => {
    asked.push([url, how.credentials]);
    return answer([online("7"), { column: "letters", count: null }, { column: "new", count: 3 }]);
  };
  followCounters(list, { fetch, page: { hidden: false } });
  assert.equal(asked.length, 0);
  await pass(1);
  assert.ok(EVERY <= 5_000);
  assert.deepEqual(asked, [["/kk/c.json", "omit"]]);
  assert.equal(parts.get('[data-column="online"]').texts["[data-number]"].textContent, "7");
  assert.equal(parts.get('[data-column="online"]').classes.size, 0);
  assert.equal(parts.get('[data-column="letters"]').texts["[data-number]"].textContent, "Not yet");
  mock.timers.reset();
});

test("nothing is asked while nobody looks", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  const page = { hidden: true };
  let asked = 0;
  followCounters(shown([]).list, { fetch: async () => ((asked += 1), answer([])), page });
  await pass(3);
  assert.equal(asked, 0);
  page.hidden = false;
  await pass(1);
  assert.equal(asked, 1);
  mock.timers.reset();
});

test("after some faults in a row it stops; one good answer between them starts the count anew", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  let asked = 0;
  const good = new Set([MOST_FAULTS]);
  const fetch = async () => {
    asked += 1;
    if (good.has(asked)) return answer([online("1")]);
    if (asked % 2) throw new TypeError("away");
    return { ok: false, status: 502 };
  };
  followCounters(shown(["online"]).list, { fetch, page: { hidden: false } });
  await pass(20);
  assert.equal(asked, 2 * MOST_FAULTS);
  mock.timers.reset();
});
