/* An edit of several steps is suggested step by step, from the end of the text to its beginning, so that no
   place moves meanwhile; or, where one step builds on another, as one replacement of all that changed. */

import { AddMarkStep, Mapping, RemoveMarkStep, ReplaceStep, Transform, replaceStep } from "@tiptap/pm/transform";

/** Steps that each hold for the document as it is before `tr`, last place first; null: cannot be done. */
export function splitSteps(tr) {
  if (tr.steps.length === 1) return tr.steps;
  return disjoint(tr) ?? asOne(tr);
}

function disjoint(tr) {
  const found = [];
  for (const [index, step] of tr.steps.entries()) {
    const simple = [ReplaceStep, AddMarkStep, RemoveMarkStep].some((kind) => step instanceof kind);
    const before = new Mapping(tr.mapping.maps.slice(0, index));
    const back = simple ? step.map(before.invert()) : null;
    const again = back?.map(before);
    if (!again || again.from !== step.from || again.to !== step.to) return null;
    found.push(back);
  }
  found.sort((one, other) => other.from - one.from);
  const overlap = found.some((step, index) => index > 0 && step.to > found[index - 1].from);
  return overlap ? null : found;
}

function asOne(tr) {
  const before = tr.before;
  const from = before.content.findDiffStart(tr.doc.content);
  if (from === null) return [];
  let { a, b } = before.content.findDiffEnd(tr.doc.content);
  const lacking = from - Math.min(a, b);
  if (lacking > 0) [a, b] = [a + lacking, b + lacking];
  const step = replaceStep(before, from, a, tr.doc.slice(from, b));
  if (!step || new Transform(before).maybeStep(step).failed) return null;
  return [step];
}

