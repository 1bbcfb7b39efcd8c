// @ts-check
/* Which addresses a link may have. The server decides (documents/canonical/html.py); this only reports
   early. */
const KEPT = /^(https?:\/\/[^\s/]|mailto:[^\s@]+@[^\s@]|tel:[+\d])/i;
const OFFERED = /^(https:\/\/[^\s/@]+\.[^\s/@]+(\/\S*)?|mailto:[^\s@]+@[^\s@]+\.[^\s@]+)$/i;

/** Whether a link that is already in a text, or pasted into it, stays.
    @type {(href: string | null | undefined) => boolean} */
export const allowedLink = (href) => KEPT.test(href ?? "");

/** The address a person typed, in full, or null if it is neither a web nor a mail address.
    @type {(words: string) => string | null} */
export function typedLink(words) {
  let href = words.trim();
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(href)) href = `mailto:${href}`;
  else if (/^[\w-]+(\.[\w-]+)+(\/\S*)?$/u.test(href)) href = `https://${href}`;
  return OFFERED.test(href) ? href : null;
}
