// @ts-check
/* The words of a letter, put together from the writer's own and from approved paragraphs. */

/** @typedef {"empty" | "template" | "own"} Verdict */
/** @typedef {{ to: string, own: string, blocks: string[], sign: string }} Parts */

/** @type {(parts: Parts) => string} */
export const letterOf = ({ to, own, blocks, sign }) =>
  [to, own.trim(), ...blocks, sign.trim()].filter(Boolean).join("\n\n");

/** Whether there is nothing to send: a name under it is no letter. @type {(own: string, blocks: string[]) => boolean} */
export const isEmpty = (own, blocks) => !own.trim() && !blocks.length;

/**
 * Whether anything of the letter is the writer's own. An offered paragraph pasted into the own words is not.
 * @param {string} own
 * @param {string[]} blocks those in the letter
 * @param {string[]} offered all that can be added
 * @returns {Verdict}
 */
export function verdictOf(own, blocks, offered) {
  const plain = (/** @type {string} */ text) => text.replaceAll(/\s+/g, " ").trim();
  const rest = offered.reduce((left, one) => left.replaceAll(plain(one), " "), plain(own));
  if (/\p{L}/u.test(rest)) return "own";
  return blocks.length || /\p{L}/u.test(own) ? "template" : "empty";
}
