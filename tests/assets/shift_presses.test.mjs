/* Which keys count as Shift pressed alone, and for how long. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { PAUSE, PRESSES, ShiftPresses } from "../../assets/js/shift_presses.js";

const LEFT = { key: "Shift", code: "ShiftLeft" };
const RIGHT = { key: "Shift", code: "ShiftRight" };
const A = { key: "A", code: "KeyA" };
const field = { closest: (selector) => (selector.includes("input") ? field : null) };

/* A hand on a keyboard: every key takes 50 ms down and 50 ms up. */
class Hand {
  constructor() {
    this.presses = new ShiftPresses();
    this.at = 0;
  }

  down(key, more = {}) {
    return this.presses.down({ ...key, ...more, timeStamp: (this.at += 50) });
  }

  up(key, more = {}) {
    return this.presses.up({ ...key, ...more, timeStamp: (this.at += 50) });
  }

  press(key, more) {
    this.down(key, more);
    return this.up(key, more);
  }

  wait(milliseconds) {
    this.at += milliseconds;
    return this;
  }
}

test("three presses of Shift alone count to three", () => {
  const hand = new Hand();
  assert.deepEqual([hand.press(LEFT), hand.press(LEFT), hand.press(LEFT)], [1, 2, PRESSES]);
});

test("left and right count alike, in turn and one over the other", () => {
  const hand = new Hand();
  assert.deepEqual([hand.press(LEFT), hand.press(RIGHT), hand.press(LEFT)], [1, 2, 3]);
  const both = new Hand();
  both.down(LEFT);
  both.down(RIGHT, { shiftKey: true });
  assert.equal(both.up(LEFT, { shiftKey: true }), 1);
  assert.equal(both.up(RIGHT), 2);
});

test("the pause may be five seconds before each press, and no longer", () => {
  const hand = new Hand();
  hand.press(LEFT);
  assert.equal(hand.wait(PAUSE - 100).press(LEFT), 2);
  assert.equal(hand.wait(PAUSE - 100).press(LEFT), 3);
  const slow = new Hand();
  slow.press(LEFT);
  assert.equal(slow.wait(PAUSE).press(LEFT), 1);
});

test("capitals that are typed count as nothing, however many", () => {
  const hand = new Hand();
  for (let number = 0; number < 5; number += 1) {
    hand.down(LEFT);
    hand.press(A, { shiftKey: true });
    assert.equal(hand.up(LEFT), 0);
  }
});

test("a capital whose Shift comes up first counts as nothing", () => {
  const hand = new Hand();
  hand.down(LEFT);
  hand.down(A, { shiftKey: true });
  assert.equal(hand.up(LEFT), 0);
  hand.up(A);
  assert.equal(hand.press(LEFT), 1);
});

test("another key between two presses begins the count anew", () => {
  const hand = new Hand();
  hand.press(LEFT);
  hand.press(LEFT);
  assert.equal(hand.press({ key: "Tab", code: "Tab" }), 0);
  assert.equal(hand.press(LEFT), 1);
});

for (const [name, keys] of [
  ["Alt", { altKey: true }],
  ["Ctrl", { ctrlKey: true }],
  ["the key of the system", { metaKey: true }],
])
  test(`Shift with ${name} switches the keyboard's layout and counts as nothing`, () => {
    const hand = new Hand();
    for (let number = 0; number < 3; number += 1) {
      hand.down({ key: name, code: name });
      assert.equal(hand.press(LEFT, keys), 0);
      hand.up({ key: name, code: name });
    }
    for (let number = 0; number < 3; number += 1) {
      hand.down(LEFT);
      hand.press({ key: name, code: name }, { ...keys, shiftKey: true });
      assert.equal(hand.up(LEFT), 0);
    }
  });

test("Shift that is held down is one press", () => {
  const hand = new Hand();
  hand.down(LEFT);
  for (let number = 0; number < 40; number += 1) hand.down(LEFT, { repeat: true, shiftKey: true });
  assert.equal(hand.up(LEFT), 1);
});

test("Shift held while the pointer chooses words counts as nothing", () => {
  const hand = new Hand();
  for (let number = 0; number < 3; number += 1) {
    hand.down(LEFT);
    hand.presses.pointer({ shiftKey: true });
    assert.equal(hand.up(LEFT), 0);
  }
});

test("a page that is scrolled between two presses does not disturb them", () => {
  const hand = new Hand();
  hand.press(LEFT);
  hand.presses.pointer({ shiftKey: false });
  assert.equal(hand.press(LEFT), 2);
});

test("a Shift that came up in another window does not hold back the next", () => {
  const hand = new Hand();
  hand.down(LEFT);
  hand.presses.release();
  assert.equal(hand.press(LEFT), 1);
});

test("a keyboard on the screen writes capitals in a field, and counts elsewhere", () => {
  const hand = new Hand();
  const onScreen = { key: "Shift", code: "" };
  for (let number = 0; number < 3; number += 1) assert.equal(hand.press(onScreen, { target: field }), 0);
  assert.equal(hand.press(onScreen, { target: { closest: () => null } }), 1);
  assert.equal(hand.press(LEFT, { target: field }), 2);
});
