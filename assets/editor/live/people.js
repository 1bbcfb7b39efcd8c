// @ts-check
/* Display names by UUID, as this reader may see them. They are never in the document: the server returns
   those of everyone who writes here or has suggested something; unknown ones are asked for once more. */

/** @import { PeopleWords } from "../types" */

/**
 * As documents/editor/views/people.py sends them, by UUID.
 * @typedef {{ name: string, initials: string }} KnownPerson
 * @typedef {{ name: string, initials: string, hue: number }} KnownOrganisation
 */

const ASK_AGAIN = 5000; // ms between two questions

export class People {
  /**
   * @param {string} url
   * @param {Pick<PeopleWords, "unknown">} words for somebody whom the server does not name
   */
  constructor(url, words) {
    this.url = url;
    this.words = words;
    /** @type {Record<string, KnownPerson>} */
    this.people = {};
    /** @type {Record<string, KnownOrganisation>} */
    this.organisations = {};
    this.version = 0;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.asked = 0; // when, in milliseconds
    /** @type {ReturnType<typeof setTimeout> | null} */
    this.waiting = null;
  }

  /** Calls back whenever names have changed; returns how to stop.
      @type {(listener: () => void) => () => void} */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async load() {
    this.asked = Date.now();
    try {
      const answer = await fetch(this.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { people, organisations } = await answer.json();
      Object.assign(this, { people, organisations, version: this.version + 1 });
      for (const listener of this.listeners) listener();
    } catch {
      // Offline: names come with the next question.
    }
  }

  /** {name, initials, organisation, mark, hue} of a person on behalf of an organisation.
      @param {string | undefined} person @param {string | undefined} organisation */
  look(person, organisation) {
    const someone = person ? this.people[person] : undefined;
    const body = organisation ? this.organisations[organisation] : undefined;
    if ((person && !someone) || (organisation && !body)) this.askAgain();
    return {
      name: someone?.name ?? (this.version ? this.words.unknown : "…"),
      initials: someone?.initials ?? "?",
      organisation: body?.name ?? "",
      mark: body?.initials ?? "?",
      hue: String(body?.hue ?? 0),
    };
  }

  askAgain() {
    if (this.waiting) return;
    const wait = Math.max(0, this.asked + ASK_AGAIN - Date.now());
    // Who has left is not named the second time either: the questions grow rare.
    this.waiting = setTimeout(
      () => {
        this.waiting = null;
        this.load();
      },
      wait * (1 + this.version),
    );
  }
}
