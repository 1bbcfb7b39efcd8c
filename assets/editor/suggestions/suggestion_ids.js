// @ts-check
/* Ids of suggestions contain the author: `person.organisation.milliseconds.counter`, the last two in base
   36. The server checks it; names are never in the document. */

/** @import { Author } from "../types" */

const FORM = /^([0-9a-f-]{36})\.([0-9a-f-]{36})\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/;
let counter = Math.floor(Math.random() * 36 ** 3); // two windows of one person in one millisecond

/** A new id for `me` {person, organisation}.
    @type {(me: Author) => string} */
export function newId(me) {
  counter += 1;
  return `${me.person}.${me.organisation}.${Date.now().toString(36)}.${counter.toString(36)}`;
}

/** {person, organisation, at} of an id, or null for one of another form.
    @type {(id: string | null | undefined) => (Author & { at: Date }) | null} */
export function readId(id) {
  const parts = FORM.exec(id ?? "");
  return parts && { person: parts[1], organisation: parts[2], at: new Date(parseInt(parts[3], 36)) };
}

/** Whether the suggestion is of this person on behalf of this organisation.
    @type {(id: string, me: Author) => boolean} */
export const isOf = (id, me) => String(id).startsWith(`${me.person}.${me.organisation}.`);
