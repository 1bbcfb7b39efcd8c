/* The toolbar is one stop of the Tab key; arrows, Home and End move inside it (the ARIA pattern). */
import { commands, possible } from "./commands.js";

export function wireToolbar({ toolbar, editor, ask }) {
  const buttons = [...toolbar.querySelectorAll("[data-command], [data-ask]")];
  const inTable = toolbar.querySelector("[data-in-table]");

  const usable = () => buttons.filter((button) => button.offsetParent !== null);
  const stopAt = (current) => {
    for (const button of buttons) button.tabIndex = button === current ? 0 : -1;
  };

  const refresh = () => {
    if (inTable) inTable.hidden = !editor.isActive("table");
    for (const button of buttons) {
      const { command, ask: question } = button.dataset;
      if (question === "link") button.setAttribute("aria-pressed", String(editor.isActive("link")));
      if (!command) continue;
      if (commands[command].on) button.setAttribute("aria-pressed", String(commands[command].on(editor)));
      // aria-disabled and not disabled: a button that has the focus must not lose it.
      button.setAttribute("aria-disabled", String(!possible(editor, command)));
    }
    if (!usable().some((button) => button.tabIndex === 0)) stopAt(usable()[0]);
  };

  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command], [data-ask]");
    if (!button) return;
    stopAt(button);
    if (button.dataset.ask) ask(button.dataset.ask);
    else if (button.getAttribute("aria-disabled") !== "true")
      commands[button.dataset.command].run(editor.chain().focus()).run();
  });

  toolbar.addEventListener("keydown", (event) => {
    const list = usable();
    const here = list.indexOf(document.activeElement);
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
    if (here < 0 || there === undefined) return;
    event.preventDefault();
    const next = list.at(there % list.length);
    stopAt(next);
    next.focus();
  });

  stopAt(buttons[0]);
  toolbar.hidden = false;
  editor.on("transaction", refresh);
  refresh();
}
