// @ts-check
/* The page where people write. The letter is made here and stays here: it is not posted, not stored, and gone
   when the page is closed. Without script the page is a list of addresses and of approved paragraphs. */
import { find, findAll, findOptional } from "../dom.js";
import { noteWay, offerOthers, wireDeclaration } from "./declare.js";
import { judgeIin } from "./iin.js";
import { isEmpty, letterOf, verdictOf } from "./letter.js";
import { mailtoLink } from "./mailto.js";
import { clearPaper, printSheets } from "./paper.js";
import { wirePeople } from "./people.js";

/** @typedef {import("./people.js").Person} Person */

const form = find(document, "#letter-form", HTMLFormElement);
const own = find(document, "[data-own]", HTMLTextAreaElement);
const sign = find(document, "[data-sign]", HTMLInputElement);
const subject = find(document, "[data-subject]", HTMLInputElement);
const whole = find(document, "[data-letter]", HTMLTextAreaElement);
const mail = find(document, "[data-mail]", HTMLAnchorElement);

const buttons = findAll(document, "[data-block]");
const wordsOf = (/** @type {HTMLElement} */ button) =>
  findOptional(button.parentElement, "p")?.textContent?.trim() ?? "";
const offered = buttons.map(wordsOf);

/** @type {HTMLElement[]} */
let added = []; // buttons of the paragraphs in the letter, in the order in which they were added
let current = 0; // which of the chosen people is written to now
let isLong = false;
let isFollowing = false; // a link to a mail program, which does not leave the page

const show = (/** @type {string} */ selector, /** @type {boolean} */ shown) => {
  for (const one of findAll(document, selector)) one.hidden = !shown;
};

/** @type {(person: Person | undefined) => string} */
const addressed = (person) => (person ? [person.name, person.position].filter(Boolean).join(", ") : "");

/** @type {(person: Person | undefined) => string} */
const letterTo = (person) =>
  letterOf({ to: addressed(person), own: own.value, blocks: added.map(wordsOf), sign: sign.value });

const people = wirePeople(form, () => {
  showRecipient();
  showLetter();
});

function showRecipient() {
  const chosen = people.chosen();
  current = Math.min(current, Math.max(0, chosen.length - 1));
  const person = chosen[current];
  show("[data-now-nobody]", !person);
  if (person) show("[data-formal-nobody]", false);
  show("[data-now]", Boolean(person));
  show("[data-next]", chosen.length > 1);
  find(document, "[data-now-name]").textContent = person?.name ?? "";
  find(document, "[data-now-number]").textContent = String(current + 1);
  find(document, "[data-now-total]").textContent = String(chosen.length);
  find(document, "[data-now-email]").textContent = person?.email ?? "";
  showOtherLanguages(chosen);
}

/** Say who is not written to in the language of this page, and where the page is in theirs.
    @type {(chosen: Person[]) => void} */
function showOtherLanguages(chosen) {
  const language = document.documentElement.lang.split("-")[0];
  const others = chosen.filter(({ languages }) => languages.length && !languages.includes(language));
  show("[data-other-language]", others.length > 0);
  for (const one of findAll(document, "[data-other-names]"))
    one.textContent = others.map(({ name, languages }) => `${name} (${languages.join(", ")})`).join("; ");
  for (const link of findAll(document, "[data-other]"))
    link.hidden = !others.some(({ languages }) => languages.includes(String(link.dataset.other)));
}

function showLetter() {
  const person = people.chosen()[current];
  const verdict = verdictOf(own.value, added.map(wordsOf), offered);
  for (const one of findAll(document, "[data-verdict]")) one.hidden = one.dataset.verdict !== verdict;
  whole.value = letterTo(person);
  const link = mailtoLink(person?.email ?? "", subject.value, whole.value);
  isLong = !link.isWhole;
  mail.href = person?.email ? link.uri : "#whom";
  mail.hidden = Boolean(person && !person.email);
  show("[data-no-email]", mail.hidden);
  show("[data-is-long]", isLong && !mail.hidden);
  show("[data-mail-copied], [data-copied], [data-not-copied]", false);
  if (!isEmpty(own.value, added.map(wordsOf))) show("[data-empty]", false);
}

/** Copy the letter; returns whether the browser let us. Without permission the letter is marked.
    @type {() => Promise<boolean>} */
async function copyLetter() {
  try {
    await navigator.clipboard.writeText(whole.value);
    return true;
  } catch {
    whole.focus();
    whole.select();
    return document.execCommand("copy"); // where the page has no clipboard: old programs, plain HTTP
  }
}

/** @type {(button: HTMLElement) => void} */
function toggleBlock(button) {
  const isAdded = added.includes(button);
  added = isAdded ? added.filter((one) => one !== button) : [...added, button];
  button.parentElement?.classList.toggle("is-added", !isAdded);
  const [add, remove] = findAll(button, "span");
  add.hidden = !isAdded;
  remove.hidden = isAdded;
  showLetter();
}

function printFormal() {
  const typed = Object.fromEntries(
    findAll(document, "[data-formal]").map((one) => [
      one.dataset.formal,
      /** @type {HTMLInputElement} */ (one).value.trim(),
    ]),
  );
  const words = letterOf({ to: "", own: own.value, blocks: added.map(wordsOf), sign: "" });
  const sheets = people.chosen().map(({ name, position, address }) => ({
    ...{ name, position, address, words },
    ...{ from: typed.name, iin: typed.iin, home: typed.address },
  }));
  if (!sheets.length) sayBeside("[data-formal-nobody]");
  else if (!refusesEmpty("formal")) printAs("formal", sheets);
}

/** Say beside a button why nothing happens, and lead there whoever uses a keyboard or a screen reader.
    @type {(selector: string) => void} */
function sayBeside(selector) {
  const said = find(document, selector);
  said.hidden = false;
  said.focus();
}

/** Say beside the button that the letter is empty; returns whether it is.
    @type {(button: "copy" | "print" | "formal") => boolean} */
function refusesEmpty(button) {
  const refused = isEmpty(own.value, added.map(wordsOf));
  if (refused) sayBeside(`[data-empty="${button}"]`);
  return refused;
}

/** @type {(kind: "letter" | "formal", sheets: Record<string, string>[]) => void} */
function printAs(kind, sheets) {
  noteWay("print");
  printSheets(kind, sheets);
}

function wireWays() {
  mail.addEventListener("click", async () => {
    if (!mail.getAttribute("href")?.startsWith("mailto:")) return;
    isFollowing = true;
    setTimeout(() => (isFollowing = false), 1_000);
    noteWay("mail");
    if (isLong) {
      const copied = await copyLetter();
      show("[data-mail-copied]", copied);
      show("[data-not-copied]", !copied);
    }
  });
  find(document, "[data-copy-letter]").addEventListener("click", async () => {
    if (refusesEmpty("copy")) return;
    const copied = await copyLetter();
    noteWay("copy");
    show("[data-copied]", copied);
    show("[data-not-copied]", !copied);
  });
  find(document, "[data-print-letter]").addEventListener("click", () => {
    if (refusesEmpty("print")) return;
    const chosen = people.chosen();
    const sheets = (chosen.length ? chosen : [undefined]).map((one) => ({
      name: one?.name ?? "",
      position: one?.position ?? "",
      address: one?.address ?? "",
      words: letterOf({ to: "", own: own.value, blocks: added.map(wordsOf), sign: sign.value }),
    }));
    printAs("letter", sheets);
  });
  find(document, "[data-print-formal]").addEventListener("click", printFormal);
  find(document, "[data-next]").addEventListener("click", () => {
    current = (current + 1) % Math.max(1, people.chosen().length);
    showRecipient();
    showLetter();
  });
}

function wireFormal() {
  const iin = find(document, '[data-formal="iin"]', HTMLInputElement);
  const showVerdict = (/** @type {string} */ verdict) => {
    for (const one of findAll(document, "[data-iin]")) one.hidden = one.dataset.iin !== verdict;
  };
  const judge = () => showVerdict(judgeIin(iin.value));
  iin.addEventListener("change", judge);
  iin.addEventListener("input", () => {
    const verdict = judgeIin(iin.value);
    showVerdict(verdict === "short" ? "blank" : verdict); // that it is short is said once they are done
  });
  find(document, "[data-erase]").addEventListener("click", () => {
    for (const one of findAll(document, "[data-formal]")) /** @type {HTMLInputElement} */ (one).value = "";
    judge();
    clearPaper();
  });
}

function wireAnswers() {
  wireDeclaration(form, (answer) => {
    people.markWritten(answer.counted);
    for (const uuid of answer.gone) {
      const box = people.byUuid(uuid);
      if (!box) continue;
      box.disabled = true;
      people.tick(box, false);
    }
    offerOthers(answer.others, (uuid) => {
      const box = people.byUuid(uuid);
      if (box) people.tick(box, true);
      find(document, "#send").scrollIntoView();
    });
  });
  addEventListener("beforeunload", (event) => {
    if (own.value.trim() && !isFollowing) event.preventDefault();
  });
}

for (const one of findAll(document, "[data-script]")) one.hidden = false;
for (const button of buttons) {
  button.hidden = false;
  button.addEventListener("click", () => toggleBlock(button));
}
for (const field of [own, sign, subject]) field.addEventListener("input", showLetter);
wireWays();
wireFormal();
wireAnswers();
people.show();
