/* Finds the glossary's terms in words: the same as documents/glossary/matching.py, whose data it gets. */

const WORD = /\p{L}+(?:[’'-]\p{L}+)*|\d+/gu;
const START = 2; // letters by which patterns are kept

const normal = (words) => words.toLowerCase().replaceAll("ё", "е").replaceAll("'", "’");
const wordsIn = (text) =>
  [...text.matchAll(WORD)].map(({ 0: word, index }) => [normal(word), index, index + word.length]);

/** For one language: `find(text)` → [{term, avoid, from, to}]. */
export class Matcher {
  constructor({ endings, patterns }, language) {
    this.ending = new RegExp(`(?:${endings[language]})$`, "y");
    this.byStart = new Map(); // the first letters of the first word → patterns, the longest first
    const own = patterns.filter((one) => one.language === language);
    own.sort((one, other) => other.words.length - one.words.length || other.avoid - one.avoid);
    for (const pattern of own) {
      for (const start of new Set(pattern.words[0].map((stem) => stem.slice(0, START)))) {
        if (!this.byStart.has(start)) this.byStart.set(start, []);
        this.byStart.get(start).push(pattern);
      }
    }
  }

  find(text) {
    const words = wordsIn(text);
    const found = [];
    for (let place = 0; place < words.length; place += 1) {
      const candidates = this.byStart.get(words[place][0].slice(0, START)) ?? [];
      const hit = candidates.find((pattern) => this.stands(pattern, words, place));
      if (!hit) continue;
      const last = place + hit.words.length - 1;
      found.push({ term: hit.term, avoid: hit.avoid, from: words[place][1], to: words[last][2] });
      place = last;
    }
    return found;
  }

  stands({ words: wanted }, words, place) {
    if (place + wanted.length > words.length) return false;
    return wanted.every((stems, number) => stems.some((stem) => this.matches(words[place + number][0], stem)));
  }

  matches(word, stem) {
    this.ending.lastIndex = stem.length;
    return word.startsWith(stem) && this.ending.test(word);
  }
}
