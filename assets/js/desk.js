// @ts-check
/* Entry point of the members' area. Reading, comparing and approving work without it. */
import "htmx.org/dist/htmx.esm.js";

import { wireCopyButtons } from "./copy_button.js";
import { wireDialogs } from "./dialogs.js";
import { findAll, findOptional } from "./dom.js";
import { wireLateSwaps } from "./late_swaps.js";
import { wireSignOut } from "./sign_out.js";
import { wireLiveUpdates } from "./live_updates.js";
import { wireLocalizedTexts } from "./localized_text.js";
import { wirePasskeys } from "./passkeys.js";
import { wirePlanningForms } from "./planning_forms.js";
import { wirePrintButtons } from "./print_button.js";
import { wireWebPush } from "./web_push.js";
import { wireRunningOrder } from "./running_order.js";
import { wireStage } from "./stage.js";
import { wireToasts } from "./toasts.js";
import { wireUnsavedForms } from "./unsaved_forms.js";
import { wireUploads } from "./upload.js";

wireCopyButtons();
wireDialogs();
wireLateSwaps();
wireSignOut();
wireLiveUpdates();
wireLocalizedTexts();
wirePasskeys();
wirePlanningForms();
wirePrintButtons();
wireWebPush();
wireRunningOrder();
wireStage();
wireToasts();
wireUnsavedForms();
wireUploads();

// On a phone the row of tabs is longer than the screen: the one we are on is in view.
for (const here of findAll(document, ".tabs [aria-current]")) {
  const row = /** @type {HTMLElement} */ (here.closest(".tabs"));
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

// A page with errors starts at their summary, so that it is read out and reached at once.
findOptional(document, "[data-error-summary]")?.focus();
