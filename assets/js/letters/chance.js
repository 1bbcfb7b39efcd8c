// @ts-check
/* Choosing somebody by chance, those with few letters more often. */

/** The weight of somebody who got so many full tens of letters more than who got fewest.
    @type {(tens: number) => number} */
export const weightOf = (tens) => 1 / (1 + Math.max(0, tens)) ** 2;

/**
 * Return one of them, undefined if there is nobody.
 * @template T
 * @param {T[]} people
 * @param {(one: T) => number} tensOf how many full tens of letters more than who got fewest
 * @param {() => number} [random] from 0 up to 1, for tests
 * @returns {T | undefined}
 */
export function drawn(people, tensOf, random = Math.random) {
  const weights = people.map((one) => weightOf(tensOf(one)));
  let left = random() * weights.reduce((sum, one) => sum + one, 0);
  return people.find((_one, number) => (left -= weights[number]) < 0) ?? people.at(-1);
}
