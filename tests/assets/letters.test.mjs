/* Letters: what fits into a link to a mail program, chance, identity numbers, and what is one's own. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { drawn, weightOf } from "../../assets/js/letters/chance.js";
import { judgeIin } from "../../assets/js/letters/iin.js";
import { isEmpty, letterOf, verdictOf } from "../../assets/js/letters/letter.js";
import { MOST, mailtoLink } from "../../assets/js/letters/mailto.js";

test("signs that mail programs read as their own are encoded, and so are line breaks", () => {
  const { uri, isWhole } = mailtoLink("a+b&c=d@e.example", "A & B =\n1", "1=1 & 2+2 #3 100%\nnext\r\nlast");
  assert.ok(isWhole);
  assert.equal(
    uri,
    "mailto:a%2Bb%26c%3Dd@e.example?subject=A%20%26%20B%20%3D%201" +
      "&body=1%3D1%20%26%202%2B2%20%233%20100%25%0D%0Anext%0D%0Alast",
  );
  const parsed = new URL(uri).searchParams;
  assert.equal(parsed.get("body"), "1=1 & 2+2 #3 100%\r\nnext\r\nlast");
});

test("a whole link is 1,900 bytes at most; beyond, the subject alone stays", () => {
  const bytes = (uri) => new TextEncoder().encode(uri).length;
  for (const letter of ["a", "қ", "😀", "&", "\n"]) {
    let last = mailtoLink("a@e.example", "Тақырып", "");
    for (let length = 1; length < MOST + 10; length += 1) {
      const link = mailtoLink("a@e.example", "Тақырып", letter.repeat(length));
      assert.ok(bytes(link.uri) <= MOST);
      if (!link.isWhole) {
        assert.ok(bytes(last.uri) > MOST - 13, "nothing shorter was left out");
        assert.equal(link.uri, mailtoLink("a@e.example", "Тақырып", "a".repeat(MOST)).uri);
        assert.ok(!link.uri.includes("body="));
        break;
      }
      last = link;
    }
  }
  assert.equal(mailtoLink("a@e.example", "Т".repeat(1000), "").uri, "mailto:a@e.example");
});

test("half of an emoji does not break the link", () => {
  assert.equal(mailtoLink("a@e.example", "S", "x\ud83d").uri, "mailto:a@e.example?subject=S&body=x");
});

test("who got few letters is drawn more often, and nobody is left out", () => {
  const people = [0, 1, 9];
  const times = new Map(people.map((one) => [one, 0]));
  for (let number = 0; number < 10_000; number += 1) {
    const one = drawn(people, (more) => more, () => number / 10_000);
    times.set(one, times.get(one) + 1);
  }
  assert.ok(times.get(0) > 3 * times.get(1));
  assert.ok(times.get(1) > times.get(9));
  assert.ok(times.get(9) > 0);
  assert.equal(weightOf(0), 1);
  assert.equal(drawn([], () => 0), undefined);
  assert.equal(drawn(people, (more) => more, () => 0.999999999), 9);
});

test("the last digit of an identity number is compared with the others", () => {
  assert.equal(judgeIin(""), "blank");
  assert.equal(judgeIin("  "), "blank");
  assert.equal(judgeIin("85071230001"), "short");
  assert.equal(judgeIin("85071230001x"), "short");
  const valid = [];
  for (let last = 0; last < 10; last += 1)
    if (judgeIin(`85071230001${last}`) === "fits") valid.push(last);
  assert.equal(valid.length, 1);
  assert.equal(judgeIin(` 850712 30001${valid[0]} `), "fits");
  assert.equal(judgeIin(`85071230001${(valid[0] + 1) % 10}`), "wrong");
  // 1·9+2·0+3·0+4·1+5·0+6·1+7·3+8·5+9·0+10·0+11·1 = 91, and 91 mod 11 = 3
  assert.equal(judgeIin("900101350013"), "fits");
  assert.equal(judgeIin("900101350014"), "wrong");
});

test("a letter without own words and paragraphs is empty, whatever name is under it", () => {
  assert.equal(isEmpty(" \n", []), true);
  assert.equal(isEmpty("1", []), false);
  assert.equal(isEmpty("", ["Заң қажет."]), false);
});

test("a letter is put together from what is there", () => {
  const parts = { to: "Депутат, комитет", own: " Мен медбикемін. \n", blocks: ["Заң қажет."], sign: "Әсел" };
  assert.equal(letterOf(parts), "Депутат, комитет\n\nМен медбикемін.\n\nЗаң қажет.\n\nӘсел");
  assert.equal(letterOf({ to: "", own: " ", blocks: [], sign: "" }), "");
});

test("an approved paragraph is not one's own, also where it was pasted", () => {
  const block = "Біз заң  сұраймыз.";
  assert.equal(verdictOf("", [], [block]), "empty");
  assert.equal(verdictOf(" ...\n", [], [block]), "empty");
  assert.equal(verdictOf("", [block], [block]), "template");
  assert.equal(verdictOf("Біз заң сұраймыз.\n", [], [block]), "template");
  assert.equal(verdictOf("Біз заң сұраймыз. Мен де.", [block], [block]), "own");
  assert.equal(verdictOf("Мен медбикемін.", [], [block]), "own");
});
