// @ts-check
/* Checks the approval sheet of a publication in the reader's browser, as `manage.py verify_publication` does. The
   page has every sentence already; only the results are shown beside them. */
import { find, findAll } from "./dom.js";

/** @typedef {null | boolean | number | string | Json[] | { [name: string]: Json }} Json */
/** @typedef {{ [name: string]: Json }} JsonObject */

/**
 * A text in the canonical form (docs/canonical.md).
 * @typedef {JsonObject & { type: string }} Block
 * @typedef {{ language: string, title: string, lead: string, blocks: Block[], attachments: Json[] }} CanonicalText
 *
 * A language version as the sheet has it; `document`: null where its words were withdrawn, or are withheld
 * (`words_withheld`); `withheld`: the hashes of pictures that it is shown without. Its own hash cannot be counted again.
 * @typedef {{ language: string, canon: Json, hash: string, document: CanonicalText | null,
 *   withheld?: string[], words_withheld?: boolean }} SheetText
 *
 * Gaps that were filled after the approval: the hashes before and after.
 * @typedef {{ language: string, before: string, after: string, gaps: number[] }} Filling
 *
 * Approved words that were taken over from another text: its hash, the hash of the words.
 * @typedef {{ language: string, source: string, words: string, publication: string | null }} ApprovedWords
 *
 * @typedef {{ way: string, language: string, carried: { source: string }[] }} Decision
 *
 * What the sheet's hash is of; `record`: its version.
 * @typedef {{ record: number, publication: string, number: number, previous: string | null, replaces: string | null,
 *   moments: { published: string }, documents: Omit<SheetText, "document">[], commitments: string[],
 *   slips?: { before: string }[], fillings?: Filling[], blocks?: ApprovedWords[] }} PublicationRecord
 *
 * @typedef {{ record: string, hash: string, publication: string, number: number, previous: string | null,
 *   previous_publication: string | null, replaces: string | null, published: string, state: string,
 *   documents: SheetText[], slips?: { before: string }[], fillings?: Filling[], blocks?: ApprovedWords[],
 *   approvals: { named: { decisions: Decision[] }[], names_withheld: number, names_taken_off: number } }} Sheet
 *
 * @typedef {Map<string, Sheet>} Sources by the publications' ids
 */

const HEX = /^[0-9a-f]{64}$/;

/**
 * RFC 8785: members in the order of their UTF-16 units, values as ECMAScript writes them.
 * @param {unknown} value JSON
 * @returns {string}
 */
export function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.keys(value).sort();
  const given = /** @type {JsonObject} */ (value);
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(given[name])}`).join(",")}}`;
}

/** @type {(text: string) => Promise<string>} */
export async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What was checked → whether it holds.
 * @param {Sheet} sheet
 * @param {{ shown?: string, before?: Sheet | null, sources?: Sources }} given `shown`: the hash that the page shows;
 *   `before`: the sheet before; `sources`: sheets of the publications whose words were taken over
 * @returns {Promise<Map<string, boolean>>}
 */
export async function check(sheet, { shown, before, sources = new Map() }) {
  /** @type {PublicationRecord} */
  const record = JSON.parse(sheet.record);
  const found = new Map();
  const counted = await sha256(sheet.record);
  const whole = HEX.test(counted) && counted === sheet.hash && counted === shown;
  found.set("record", whole && canonical(record) === sheet.record);
  found.set("fits", fits(sheet, record));
  for (const one of sheet.documents)
    if (!isIncomplete(one)) found.set(`words-${one.language}`, await holds(one, sheet, record));
  for (const [language, holds] of await gapsHold(sheet, record)) found.set(`filled-${language}`, holds);
  for (const [language, holds] of await blocksHold(sheet, record, sources))
    found.set(`blocks-${language}`, holds);
  const { named, names_withheld, names_taken_off } = sheet.approvals;
  const commitments = new Set(record.commitments);
  found.set(
    "names",
    commitments.size === record.commitments.length &&
      names_taken_off >= 0 &&
      named.length + names_withheld + names_taken_off === commitments.size,
  );
  found.set("chain", await follows(record, before));
  return found;
}

/** @type {(sheet: Sheet, record: PublicationRecord) => boolean} */
function fits(sheet, record) {
  /** @type {(documents: Omit<SheetText, "document">[]) => string} */
  const languages = (documents) =>
    canonical(
      documents
        .map(({ language, canon, hash }) => ({ language, canon, hash }))
        .sort((one, other) => (one.language < other.language ? -1 : 1)),
    );
  return (
    record.record === 1 &&
    record.publication === sheet.publication &&
    record.number === sheet.number &&
    record.previous === sheet.previous &&
    record.replaces === sheet.replaces &&
    record.moments.published === sheet.published &&
    record.documents.length > 0 &&
    languages(record.documents) === languages(sheet.documents) &&
    canonical(record.slips ?? []) === canonical(sheet.slips ?? [])
  );
}

/** The page says of it that its hash cannot be counted; `fits` compares that hash with the record.
    @type {(one: SheetText) => boolean} */
const isIncomplete = (one) =>
  (one.withheld ?? []).length > 0 || (one.words_withheld === true && one.document === null);

/** Of what is withdrawn the words are gone; the hash stays, in the record as on the sheet.
    @type {(one: SheetText, sheet: Sheet, record: PublicationRecord) => Promise<boolean>} */
async function holds(one, sheet, record) {
  const kept = record.documents.some(({ language, hash }) => language === one.language && hash === one.hash);
  if (one.document === null) return kept && sheet.state === "withdrawn";
  return (
    kept && one.document.language === one.language && (await sha256(canonical(one.document))) === one.hash
  );
}

/** With the gaps open that were filled, the words are those that were approved before.
    @type {(sheet: Sheet, record: PublicationRecord) => Promise<Map<string, boolean>>} */
async function gapsHold(sheet, record) {
  const fillings = record.fillings ?? [];
  const same = canonical(fillings) === canonical(sheet.fillings ?? []);
  const found = new Map();
  const incomplete = new Set(sheet.documents.filter(isIncomplete).map(({ hash }) => hash));
  for (const one of same ? fillings : [...fillings, ...(sheet.fillings ?? [])]) {
    if (same && incomplete.has(one.after)) continue;
    found.set(one.language, same && (await wasApprovedWithGaps(one, sheet, record)));
  }
  return found;
}

/** Of what was withdrawn, or mended afterwards, the hashes are left.
    @type {(one: Filling, sheet: Sheet, record: PublicationRecord) => Promise<boolean>} */
async function wasApprovedWithGaps(one, sheet, record) {
  const shown = sheet.documents.find(({ hash }) => hash === one.after);
  if (!shown) return (record.slips ?? []).some(({ before }) => before === one.after);
  if (shown.document === null) return true;
  const document = structuredClone(shown.document);
  const gaps = gapsOf(document.blocks);
  for (const place of one.gaps) gaps[place].value = "";
  return one.gaps.length > 0 && (await sha256(canonical(document))) === one.before;
}

/** In the order of the text.
    @type {(node: Json) => JsonObject[]} */
function gapsOf(node) {
  if (node === null || typeof node !== "object") return [];
  if (!Array.isArray(node) && node.type === "gap") return [node];
  return Object.values(node).flatMap(gapsOf);
}

/** Texts made of approved words: each block by the hash of its words, as the record and its source have it.
    @type {(sheet: Sheet, record: PublicationRecord, sources: Sources) => Promise<Map<string, boolean>>} */
async function blocksHold(sheet, record, sources) {
  const blocks = record.blocks ?? [];
  const same = canonical(blocks) === canonical(sheet.blocks ?? []);
  const found = new Map();
  for (const language of new Set(blocks.map((one) => one.language))) {
    const own = blocks.filter((one) => one.language === language);
    const shown = sheet.documents.find((one) => one.language === language);
    if (!shown) throw new TypeError(`the sheet has no text in ${language}`);
    const { document } = shown;
    const said = document === null || canonical(await framed(document)) === canonical(own.map(hashes));
    const before = await Promise.all(own.map((one) => wasPublished(one, sources)));
    const whole = same && said && before.every(Boolean) && headsAreTheirs(document, own, sources);
    found.set(language, whole && carriedHangOn(sheet, own));
  }
  if (!same && !found.size) for (const one of sheet.blocks ?? []) found.set(one.language, false);
  return found;
}

/** @type {(one: ApprovedWords) => JsonObject} */
const hashes = ({ source, words }) => ({ source, words });

/** The approved blocks of a text; nothing else may stand in it, and no picture in them: the hash of their words
   holds neither its bytes nor its description.
    @type {(document: CanonicalText) => Promise<JsonObject[]>} */
async function framed(document) {
  const blocks = withoutNotes(document);
  if (blocks.some((one) => one.type !== "approved_block" || hasPicture(one))) return [];
  return Promise.all(
    blocks.map(async (one) => ({ source: one.hash, words: await wordsHash(one.blocks, document) })),
  );
}

/** @type {(node: Json) => boolean} */
function hasPicture(node) {
  if (node === null || typeof node !== "object") return false;
  return (!Array.isArray(node) && node.type === "picture") || Object.values(node).some(hasPicture);
}

/** The words under which a block was published, if they are public still and at hand.
    @type {(one: ApprovedWords, sources: Sources) => CanonicalText | null | undefined} */
const published = (one, sources) =>
  sources.get(one.publication ?? "")?.documents.find(({ hash }) => hash === one.source)?.document;

/** Of words that are public no more the hash alone is left.
    @type {(one: ApprovedWords, sources: Sources) => Promise<boolean>} */
async function wasPublished(one, sources) {
  if (!one.publication) return true;
  const sheet = sources.get(one.publication);
  if (!sheet || (await sha256(sheet.record)) !== sheet.hash) return false;
  /** @type {PublicationRecord} */
  const record = JSON.parse(sheet.record);
  if (!record.documents.some(({ hash }) => hash === one.source)) return false;
  const document = published(one, sources);
  if (!document) return document === null;
  return (
    (await sha256(canonical(document))) === one.source &&
    (await wordsHash(withoutNotes(document), document)) === one.words
  );
}

/** Title, lead and files are those of the sources, where all of these can be read.
    @type {(document: CanonicalText | null, own: ApprovedWords[], sources: Sources) => boolean} */
function headsAreTheirs(document, own, sources) {
  const said = own.flatMap((one) => published(one, sources) ?? []);
  if (document === null || said.length < own.length) return true;
  const files = new Set(said.flatMap((one) => one.attachments.map(canonical)));
  return (
    said.some((one) => one.title === document.title) &&
    (document.lead === "" || said.some((one) => one.lead === document.lead)) &&
    document.attachments.every((one) => files.has(canonical(one)))
  );
}

/** @type {(sheet: Sheet, own: ApprovedWords[]) => boolean} */
function carriedHangOn(sheet, own) {
  const wanted = canonical([...new Set(own.map((one) => one.source))].sort());
  const carried = sheet.approvals.named
    .flatMap((name) => name.decisions)
    .filter((one) => one.way === "carried_over" && one.language === own[0].language);
  return carried.every(
    (one) => canonical([...new Set(one.carried.map(({ source }) => source))].sort()) === wanted,
  );
}

/** @type {(document: CanonicalText) => Block[]} */
const withoutNotes = (document) => document.blocks.filter((one) => one.type !== "footnote");

/** @type {(blocks: Json, document: Pick<CanonicalText, "blocks" | "language">) => Promise<string>} */
async function wordsHash(blocks, { blocks: all, language }) {
  const notes = new Map(
    all.filter((one) => one.type === "footnote").map(({ number, words }) => [number, words]),
  );
  return sha256(canonical({ blocks: withNotes(blocks, notes), language }));
}

/** Footnotes by their words: their numbers differ from text to text.
    @type {(node: Json, notes: Map<Json, Json>) => Json} */
function withNotes(node, notes) {
  if (node === null || typeof node !== "object") return node;
  if (Array.isArray(node)) return node.map((one) => withNotes(one, notes));
  if (node.type === "footnote_ref")
    return /** @type {JsonObject} */ ({ type: node.type, words: notes.get(node.number) });
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, withNotes(value, notes)]));
}

/** @type {(record: PublicationRecord, before?: Sheet | null) => Promise<boolean>} */
async function follows(record, before) {
  if (record.previous === null) return record.number === 1;
  if (!before) return false;
  return (
    (await sha256(before.record)) === record.previous &&
    JSON.parse(before.record).number + 1 === record.number
  );
}

/** @type {(address: string) => Promise<Sheet>} */
async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok && answer.status !== 410) throw new Error(String(answer.status));
  return answer.json();
}

/** @type {(part: HTMLElement) => Promise<Map<string, boolean>>} */
async function run(part) {
  const address = part.dataset.sheet ?? "";
  const sheet = await fetched(address);
  const former = sheet.previous_publication;
  /** @type {(publication: string) => Promise<Sheet>} */
  const other = (publication) => fetched(address.replace(sheet.publication, publication));
  const before = former === null ? null : await other(former);
  const taken = new Set((sheet.blocks ?? []).flatMap((one) => one.publication ?? []));
  const sources = new Map();
  for (const one of taken) sources.set(one, await other(one));
  return check(sheet, { shown: part.dataset.hash, before, sources });
}

/** @type {(part: HTMLElement, found: Map<string, boolean>) => void} */
function tell(part, found) {
  let good = true;
  for (const row of findAll(part, "[data-check]")) {
    const ok = found.get(row.dataset.check ?? "") === true;
    good &&= ok;
    find(row, "[data-holds]").hidden = !ok;
    find(row, "[data-fails]").hidden = ok;
  }
  good &&= [...found.values()].every(Boolean);
  find(part, "[data-checks]").hidden = false;
  say(part, good ? "good" : "bad");
}

/** @type {(part: HTMLElement, outcome: string) => void} */
function say(part, outcome) {
  for (const words of findAll(part, "[data-outcome]")) {
    words.hidden = words.dataset.outcome !== outcome;
  }
}

/** @type {(part: HTMLElement) => void} */
function wire(part) {
  const button = find(part, "button", HTMLButtonElement);
  if (!globalThis.crypto?.subtle) {
    say(part, "unable");
    return;
  }
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      tell(part, await run(part));
    } catch (fault) {
      find(part, "[data-checks]").hidden = true;
      say(part, fault instanceof TypeError || fault instanceof SyntaxError ? "bad" : "unread");
    }
    button.disabled = false;
  });
}

if (globalThis.document) findAll(document, "[data-sheet]").forEach(wire);
