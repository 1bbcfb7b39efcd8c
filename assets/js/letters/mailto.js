// @ts-check
/* Links that open a mail program with a letter in it (RFC 6068). */

export const MOST = 1_900; // bytes of a whole URI: longer ones are cut by mail programs, or not opened at all

/** Encode what stands in a query; line breaks as mail has them. `&`, `=`, `+`, `#` and spaces are encoded too,
    since some mail programs drop what follows them.
    @type {(text: string) => string} */
const encoded = (text) =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "").replaceAll(/\r\n|\r|\n/g, "\r\n"));

/**
 * Return the link, and whether the whole letter is in it: a long one is left out, the subject stays.
 * @param {string} email
 * @param {string} subject
 * @param {string} body
 * @returns {{ uri: string, isWhole: boolean }}
 */
export function mailtoLink(email, subject, body) {
  const bare = `mailto:${encoded(email).replace("%40", "@")}`;
  const titled = `${bare}?subject=${encoded(subject.replaceAll(/\s+/g, " ").trim())}`;
  const whole = `${titled}&body=${encoded(body)}`;
  if (whole.length <= MOST) return { uri: whole, isWhole: true }; // of ASCII: a letter is a byte
  return { uri: titled.length <= MOST ? titled : bare, isWhole: false };
}
