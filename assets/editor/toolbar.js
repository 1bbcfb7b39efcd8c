// @ts-check
/* The toolbar: one tab stop; arrows, Home and End move inside it (the ARIA pattern). It acts on the active
   text; tools that other parts add are buttons [data-tool]. */
import { closest, findAll, findOptional } from "../js/dom.js";
import { commands, possible } from "./commands.js";

/** @import { Page } from "./page.js" */
/** @import { Editor } from "@tiptap/core" */

const BUTTONS = "[data-command], [data-ask], [data-tool], [data-suggest]";

/**
 * @param {{ toolbar: HTMLElement, page: Page }} given
 * @returns {{ refresh: () => void, hide: () => void }}
 */
export function wireToolbar({ toolbar, page }) {
  const buttons = findAll(toolbar, BUTTONS);
  const inTable = findOptional(toolbar, "[data-in-table]");

  // Not by what is laid out: asking that after every change makes the browser lay the text out each time.
  const usable = () => buttons.filter((button) => !button.closest("[hidden]"));
  /** @type {(current: HTMLElement) => void} */
  const stopAt = (current) => {
    for (const button of buttons) button.tabIndex = button === current ? 0 : -1;
  };

  const refresh = () => {
    const { editor } = page;
    toolbar.hidden = !editor?.isEditable;
    if (!editor?.isEditable) return;
    if (inTable) inTable.hidden = !editor.isActive("table");
    for (const button of buttons) refreshOne(button, editor);
    if (!usable().some((button) => button.tabIndex === 0)) stopAt(usable()[0]);
  };

  /** aria-disabled and not disabled: a button that has the focus must not lose it.
      @type {(button: HTMLElement, editor: Editor) => void} */
  const refreshOne = (button, editor) => {
    const { command, ask: question, tool } = button.dataset;
    if (question === "link") button.setAttribute("aria-pressed", String(editor.isActive("link")));
    if ("suggest" in button.dataset) {
      button.setAttribute("aria-pressed", String(page.suggests));
      button.setAttribute("aria-disabled", String(!page.active.config.may.write));
    }
    if (tool) button.hidden = !page.tools.has(tool);
    if (!command) return;
    const { on } = commands[command];
    if (on) button.setAttribute("aria-pressed", String(on(editor)));
    button.setAttribute("aria-disabled", String(!possible(editor, command)));
  };

  /** @type {(button: HTMLElement) => void} */
  const act = (button) => {
    const { editor } = page;
    if (!editor || button.getAttribute("aria-disabled") === "true") return;
    const { command, ask: question, tool } = button.dataset;
    if (question) page.ask(question);
    else if (tool) page.tools.get(tool)?.run();
    else if (command) commands[command].run(editor.chain().focus()).run();
    else editor.chain().focus().suggest(!page.suggests).run();
    refresh();
  };

  toolbar.addEventListener("click", (event) => {
    const button = closest(event, BUTTONS);
    if (!button) return;
    stopAt(button);
    act(button);
  });

  toolbar.addEventListener("keydown", (event) => {
    const list = usable();
    const here = list.findIndex((button) => button === document.activeElement);
    const keys = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 };
    const there = /** @type {Record<string, number | undefined>} */ (keys)[event.key];
    if (here < 0 || there === undefined) return;
    event.preventDefault();
    const next = list.at(there % list.length);
    if (!next) return;
    stopAt(next);
    next.focus();
  });

  stopAt(buttons[0]);
  return {
    refresh,
    hide: () => {
      toolbar.hidden = true;
    },
  };
}
