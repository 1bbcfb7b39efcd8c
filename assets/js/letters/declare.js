// @ts-check
/* “I sent it”: says to whom, how and in which language. Neither the letter nor its writer is posted. */
import { find, findAll, findOptional } from "../dom.js";

const FIELDS = ["stamp", "attempt", "leave_empty", "target", "way", "language"]; // nothing else is ever posted

/** @typedef {{ done: boolean, words: string, counted: string[], gone: string[],
 *   others: { uuid: string, name: string }[], stamp: string }} Answer */

/** @type {(form: HTMLFormElement) => URLSearchParams} */
export function postedFields(form) {
  const posted = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (FIELDS.includes(name) && typeof value === "string") posted.append(name, value);
  return posted;
}

/** A random number by which the server knows a declaration that is posted again. It is renewed with each
    declaration, so that two of them are not known to come from one page. @type {() => string} */
const newAttempt = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (one) => one.toString(16)).join("-");

/**
 * Wire the form. `answered` gets each answer.
 * @param {HTMLFormElement} form
 * @param {(answer: Answer) => void} answered
 */
export function wireDeclaration(form, answered) {
  const said = find(document, "[data-answer]");
  const failed = find(document, "[data-answer-failed]");
  const button = find(document, "[data-declare]", HTMLButtonElement);
  const attempt = find(form, "[name=attempt]", HTMLInputElement);
  attempt.value = newAttempt();
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    failed.hidden = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: postedFields(form),
        headers: { Accept: "application/json" },
        credentials: "omit",
        redirect: "error",
      });
      const told = /** @type {Answer} */ (await answer.json());
      find(form, "[name=stamp]", HTMLInputElement).value = told.stamp;
      if (told.done) attempt.value = newAttempt();
      show(said, told);
      answered(told);
    } catch {
      said.replaceChildren();
      failed.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

/** @type {(said: HTMLElement, told: Answer) => void} */
function show(said, told) {
  const words = document.createElement("p");
  words.className = `notice notice--${told.done ? "yes" : "wait"}`;
  const inside = document.createElement("span");
  inside.textContent = told.words;
  words.append(inside);
  said.replaceChildren(words);
}

/**
 * Offer people to write to instead of those who are gone.
 * @param {Answer["others"]} others
 * @param {(uuid: string) => void} choose
 */
export function offerOthers(others, choose) {
  const row = findOptional(document, "[data-answer-others]");
  if (!row) return;
  row.hidden = others.length === 0;
  find(row, "[data-others]").replaceChildren(
    ...others.map(({ uuid, name }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = name;
      button.addEventListener("click", () => choose(uuid));
      return button;
    }),
  );
}

/** Choose the way in which the letter left last. @type {(way: string) => void} */
export function noteWay(way) {
  for (const one of findAll(document, `[name=way][value="${way}"]`))
    if (one instanceof HTMLInputElement) one.checked = true;
}
