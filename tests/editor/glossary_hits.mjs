/* Prints what the browser's matcher finds: `{data, texts: [[language, text]]}` in a file → lists of hits. */
import { readFile } from "node:fs/promises";

import { Matcher } from "../../assets/editor/glossary/matching.js";

const { data, texts } = JSON.parse(await readFile(process.argv[2], "utf8"));
const matchers = Object.fromEntries(["kk", "ru", "en"].map((one) => [one, new Matcher(data, one)]));
const found = texts.map(([language, text]) =>
  matchers[language].find(text).map(({ term, avoid, from, to }) => [term, avoid, from, to]),
);
console.log(JSON.stringify(found));
