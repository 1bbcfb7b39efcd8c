/* What a suggestion shows of who made it, as this reader may be told: a hue, initials, a sentence. */
import { timeLabel } from "../live/time_label.js";
import { readId } from "./suggestion_ids.js";

export class Attribution {
  /** `words`: by kind (insertion, deletion, modification) the sentences `whole`, `begins` and `ends`, with
      {person}, {organisation}, {time}. */
  constructor({ people, words, lang }) {
    Object.assign(this, { people, words, lang, known: new Map() });
  }

  get version() {
    return this.people.version;
  }

  /** {hue, initials, words, begins, ends, name, organisation, time, who} of a suggestion's id. */
  of(id, kind) {
    const key = `${id} ${kind}`;
    const known = this.known.get(key);
    if (known?.version === this.version) return known;
    const origin = readId(id);
    const look = this.people.look(origin?.person, origin?.organisation);
    const time = origin ? timeLabel(origin.at, this.lang) : "";
    const sentences = this.words[kind] ?? this.words.modification;
    const filled = (sentence) =>
      sentence
        .replace("{person}", look.name)
        .replace("{organisation}", look.organisation)
        .replace("{time}", time);
    const said = { words: filled(sentences.whole), begins: filled(sentences.begins), ends: sentences.ends };
    const made = { ...look, ...said, initials: look.mark, circle: look.initials, time, version: this.version };
    this.known.set(key, made);
    return made;
  }
}
