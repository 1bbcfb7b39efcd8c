// @ts-check
/* What is shown of a suggestion's author, as this reader may see it: hue, initials, a sentence. */
import { timeLabel } from "../live/time_label.js";
import { readId } from "./suggestion_ids.js";

/** @import { SuggestionSentences } from "../types" */
/** @import { People } from "../live/people.js" */

/**
 * What is shown of a suggestion's author. `version`: of the names it was made from.
 * @typedef {{ name: string, organisation: string, hue: string, initials: string, circle: string, time: string,
 *   words: string, begins: string, ends: string, version: number }} Look
 */

export class Attribution {
  /**
   * @param {{ people: People, words: Record<string, SuggestionSentences>, lang: string }} given `words`: by kind
   *   (insertion, deletion, modification), with {person}, {organisation}, {time}
   */
  constructor({ people, words, lang }) {
    this.people = people;
    this.words = words;
    this.lang = lang;
    /** @type {Map<string, Look>} */
    this.known = new Map();
  }

  get version() {
    return this.people.version;
  }

  /** @type {(id: string, kind: string) => Look} */
  of(id, kind) {
    const key = `${id} ${kind}`;
    const known = this.known.get(key);
    if (known && known.version === this.version) return known;
    const origin = readId(id);
    const look = this.people.look(origin?.person, origin?.organisation);
    const time = origin ? timeLabel(origin.at, this.lang) : "";
    const sentences = this.words[kind] ?? this.words.modification;
    /** @type {(sentence: string) => string} */
    const filled = (sentence) =>
      sentence
        .replace("{person}", look.name)
        .replace("{organisation}", look.organisation)
        .replace("{time}", time);
    const said = { words: filled(sentences.whole), begins: filled(sentences.begins), ends: sentences.ends };
    const { name, organisation, hue, mark, initials } = look;
    const made = {
      name,
      organisation,
      hue,
      initials: mark,
      circle: initials,
      time,
      ...said,
      version: this.version,
    };
    this.known.set(key, made);
    return made;
  }
}
