// @ts-check
/* Whether the mark of a packet hints at a person. The rule is the server's (`validate_mark`), which the field
   brings in its data attributes. */

/**
 * @param {string} mark
 * @param {DOMStringMap} rule `person`: the pattern of an address or a telephone number; `capitals`: how many
 *   words may begin with a capital letter
 */
export function hintsAtPerson(mark, { person, capitals }) {
  const capitalised = mark.split(/\s+/).filter((word) => /^\p{Uppercase}/u.test(word));
  return (person && new RegExp(person, "u").test(mark)) || capitalised.length > Number(capitals);
}
