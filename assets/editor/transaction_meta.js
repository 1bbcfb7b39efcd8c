// @ts-check
/** @import { Transaction } from "@tiptap/pm/state" */

/**
 * Gives a transaction that stands for another one what that carries for plugins. ProseMirror keeps it in a private
 * field and has no other way to list it.
 * @param {Transaction} from
 * @param {Transaction} to
 */
export function copyMeta(from, to) {
  const { meta } = /** @type {{ meta: Record<string, unknown> }} */ (/** @type {unknown} */ (from));
  for (const [key, value] of Object.entries(meta)) to.setMeta(key, value);
}
