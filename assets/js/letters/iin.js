// @ts-check
/* The identity number of Kazakhstan: a hint against typing errors. It never leaves the page. */

const FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SECOND = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]; // where the first sum gives 10
const LENGTH = 12;

/** @typedef {"blank" | "short" | "wrong" | "fits"} Verdict */

/** @type {(digits: number[], weights: number[]) => number} */
const rest = (digits, weights) => weights.reduce((sum, weight, at) => sum + weight * digits[at], 0) % 11;

/**
 * Whether the last digit fits the others; "blank" if nothing is typed, "short" if it is not 12 digits.
 * @param {string} typed spaces are allowed
 * @returns {Verdict}
 */
export function judgeIin(typed) {
  const plain = typed.replaceAll(/\s/g, "");
  if (!plain) return "blank";
  if (!/^\d{12}$/.test(plain) || plain.length !== LENGTH) return "short";
  const digits = [...plain].map(Number);
  const first = rest(digits, FIRST);
  const control = first === 10 ? rest(digits, SECOND) : first;
  return control === digits[LENGTH - 1] ? "fits" : "wrong";
}
