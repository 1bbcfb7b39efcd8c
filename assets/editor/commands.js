// @ts-check
/* The commands of the toolbar's buttons: `run`, whether it is `on`, whether it `can` run. Buttons that ask
   something first open the dialog of the same name (dialogs.js). */

/** @import { ChainedCommands, Editor, KeyboardShortcutCommand } from "@tiptap/core" */
/** @import { Selection } from "@tiptap/pm/state" */

/**
 * @typedef {{ run: (chain: ChainedCommands) => ChainedCommands, on?: (editor: Editor) => boolean,
 *   can?: (editor: Editor) => boolean }} Command
 */

const MAX_LIST_LEVELS = 2;

/** How many lists the cursor stands in.
    @type {(selection: Selection) => number} */
export function listLevels({ $from }) {
  let levels = 0;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (["bulletList", "orderedList"].includes($from.node(depth).type.name)) levels += 1;
  }
  return levels;
}

/** @type {(level: 2 | 3 | 4) => Command} */
const toggleHeading = (level) => ({
  run: (chain) => chain.toggleHeading({ level }),
  on: (editor) => editor.isActive("heading", { level }),
});

/** @type {Record<string, Command>} */
export const commands = {
  undo: { run: (chain) => chain.undo() },
  redo: { run: (chain) => chain.redo() },
  bold: { run: (chain) => chain.toggleBold(), on: (editor) => editor.isActive("bold") },
  italic: { run: (chain) => chain.toggleItalic(), on: (editor) => editor.isActive("italic") },
  heading2: toggleHeading(2),
  heading3: toggleHeading(3),
  heading4: toggleHeading(4),
  bulletList: { run: (chain) => chain.toggleBulletList(), on: (editor) => editor.isActive("bulletList") },
  orderedList: { run: (chain) => chain.toggleOrderedList(), on: (editor) => editor.isActive("orderedList") },
  blockquote: { run: (chain) => chain.toggleBlockquote(), on: (editor) => editor.isActive("blockquote") },
  table: {
    run: (chain) => chain.insertTable({ rows: 2, cols: 3, withHeaderRow: true }),
    can: (editor) => !editor.isActive("table"),
  },
  addRow: { run: (chain) => chain.addRowAfter() },
  deleteRow: { run: (chain) => chain.deleteRow() },
  addColumn: { run: (chain) => chain.addColumnAfter() },
  deleteColumn: { run: (chain) => chain.deleteColumn() },
  deleteTable: { run: (chain) => chain.deleteTable() },
};

/**
 * Whether the command would change anything here; asked for every button after every change.
 * @type {(editor: Editor, name: string) => boolean}
 */
export function possible(editor, name) {
  const command = commands[name];
  if (command.can && !command.can(editor)) return false;
  return command.run(editor.can().chain()).run();
}

/**
 * Keys in addition to Tiptap's: no line breaks inside a paragraph, lists at most two levels deep.
 * @type {Record<string, KeyboardShortcutCommand>}
 */
export const keys = {
  "Shift-Enter": ({ editor }) => editor.commands.splitBlock(),
  "Mod-Enter": ({ editor }) => editor.commands.splitBlock(),
  Tab: ({ editor }) => editor.isActive("listItem") && listLevels(editor.state.selection) >= MAX_LIST_LEVELS,
};
