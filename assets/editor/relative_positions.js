// @ts-check
/* Positions in a text that stay valid while others write, for what must be found again without a mark in
   the shared document. Browsers interpret them; the server stores them unread. */
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from "@tiptap/y-tiptap";
import * as Y from "yjs";

/** @import { Editor } from "@tiptap/core" */
/** @import { EditorContext } from "./types" */

/** @type {(editor: Editor) => EditorContext["positions"]} */
export function positions(editor) {
  const sync = () => ySyncPluginKey.getState(editor.state);
  return {
    relative(from, to) {
      const { binding, type } = sync();
      return [from, to].map((pos) =>
        Y.relativePositionToJSON(absolutePositionToRelativePosition(pos, type, binding.mapping)),
      );
    },
    absolute(json) {
      if (!Array.isArray(json) || json.length !== 2) return null;
      const { binding, doc, type } = sync();
      const [from, to] = json.map((one) =>
        relativePositionToAbsolutePosition(doc, type, Y.createRelativePositionFromJSON(one), binding.mapping),
      );
      return from === null || to === null || from > to ? null : { from, to };
    },
  };
}
