// @ts-check
/* Splits an edit of several steps: each is suggested by itself, from the end of the text to its beginning,
   so that no position moves; or, where one step builds on another, all that changed is one replacement. */

import {
  AddMarkStep,
  Mapping,
  RemoveMarkStep,
  ReplaceStep,
  Transform,
  replaceStep,
} from "@tiptap/pm/transform";

/** @import { Transaction } from "@tiptap/pm/state" */
/** @import { Step } from "@tiptap/pm/transform" */

/**
 * Steps that each apply to the document before `tr`, last position first; null if there is no way.
 * @type {(tr: Transaction) => Step[] | null}
 */
export function splitSteps(tr) {
  if (tr.steps.length === 1) return tr.steps;
  return disjoint(tr) ?? asOne(tr);
}

/** @typedef {ReplaceStep | AddMarkStep | RemoveMarkStep} RangeStep */

/**
 * @param {Step} step
 * @returns {step is RangeStep}
 */
const isRangeStep = (step) => [ReplaceStep, AddMarkStep, RemoveMarkStep].some((kind) => step instanceof kind);

/** @type {(tr: Transaction) => Step[] | null} */
function disjoint(tr) {
  /** @type {RangeStep[]} */
  const found = [];
  for (const [index, step] of tr.steps.entries()) {
    if (!isRangeStep(step)) return null;
    const before = new Mapping(tr.mapping.maps.slice(0, index));
    const back = step.map(before.invert());
    const again = back?.map(before);
    if (
      !back ||
      !again ||
      !isRangeStep(back) ||
      !isRangeStep(again) ||
      again.from !== step.from ||
      again.to !== step.to
    )
      return null;
    found.push(back);
  }
  found.sort((one, other) => other.from - one.from);
  const overlap = found.some((step, index) => index > 0 && step.to > found[index - 1].from);
  return overlap ? null : found;
}

/** @type {(tr: Transaction) => Step[] | null} */
function asOne(tr) {
  const before = tr.before;
  const from = before.content.findDiffStart(tr.doc.content);
  const ends = before.content.findDiffEnd(tr.doc.content);
  if (from === null || !ends) return [];
  let { a, b } = ends;
  const lacking = from - Math.min(a, b);
  if (lacking > 0) [a, b] = [a + lacking, b + lacking];
  const step = replaceStep(before, from, a, tr.doc.slice(from, b));
  if (!step || new Transform(before).maybeStep(step).failed) return null;
  return [step];
}
