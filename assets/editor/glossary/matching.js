// @ts-check
/* Finds glossary terms in text; the same algorithm and data as documents/glossary/queries.py. */

/**
 * As documents/glossary/queries.py sends it. `words`: for each word of the pattern its stems.
 * @typedef {{ term: string, language: string, avoid: boolean, words: string[][] }} Pattern
 * @typedef {{ term: string, avoid: boolean, from: number, to: number }} Hit
 */

const WORD = /\p{L}+(?:[’'-]\p{L}+)*|\d+/gu;
const START = 2; // letters by which patterns are kept

/** @type {(words: string) => string} */
const normal = (words) => words.toLowerCase().replaceAll("ё", "е").replaceAll("'", "’");
/** @type {(text: string) => [word: string, from: number, to: number][]} */
const wordsIn = (text) =>
  [...text.matchAll(WORD)].map(({ 0: word, index }) => [normal(word), index, index + word.length]);

/** For one language: `find(text)` → [{term, avoid, from, to}]. */
export class Matcher {
  /**
   * @param {{ endings: Record<string, string>, patterns: Pattern[] }} data
   * @param {string} language
   */
  constructor({ endings, patterns }, language) {
    this.ending = new RegExp(`(?:${endings[language]})$`, "y");
    /** @type {Map<string, Pattern[]>} */
    this.byStart = new Map(); // the first letters of the first word → patterns, the longest first
    const own = patterns.filter((one) => one.language === language);
    own.sort(
      (one, other) => other.words.length - one.words.length || Number(other.avoid) - Number(one.avoid),
    );
    for (const pattern of own) {
      for (const start of new Set(pattern.words[0].map((stem) => stem.slice(0, START)))) {
        const same = this.byStart.get(start) ?? [];
        same.push(pattern);
        this.byStart.set(start, same);
      }
    }
  }

  /** @type {(text: string) => Hit[]} */
  find(text) {
    const words = wordsIn(text);
    /** @type {Hit[]} */
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

  /** @type {(pattern: Pattern, words: [string, number, number][], place: number) => boolean} */
  stands({ words: wanted }, words, place) {
    if (place + wanted.length > words.length) return false;
    return wanted.every((stems, number) =>
      stems.some((stem) => this.matches(words[place + number][0], stem)),
    );
  }

  /** @type {(word: string, stem: string) => boolean} */
  matches(word, stem) {
    this.ending.lastIndex = stem.length;
    return word.startsWith(stem) && this.ending.test(word);
  }
}
