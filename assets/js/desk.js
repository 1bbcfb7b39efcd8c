/* Every page of the members' area. Reading, comparing and approving work without it. */
import "htmx.org/dist/htmx.esm.js";

import { wireCopying } from "./copying.js";
import { wireDialogs } from "./dialogs.js";
import { wireLateAnswers } from "./late_answers.js";
import { wireLeaving } from "./leaving.js";
import { wireLive } from "./live.js";
import { wireLocalizedTexts } from "./localized_text.js";
import { wirePasskeys } from "./passkeys.js";
import { wirePlanning } from "./planning.js";
import { wirePrint } from "./printing.js";
import { wirePush } from "./push.js";
import { wireRunning } from "./running.js";
import { wireStage } from "./stage.js";
import { wireToasts } from "./toasts.js";
import { wireUnsaved } from "./unsaved.js";
import { wireUploads } from "./upload.js";

wireCopying();
wireDialogs();
wireLateAnswers();
wireLeaving();
wireLive();
wireLocalizedTexts();
wirePasskeys();
wirePlanning();
wirePrint();
wirePush();
wireRunning();
wireStage();
wireToasts();
wireUnsaved();
wireUploads();

// On a phone the row of tabs is longer than the screen: the one we are on is in view.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  const row = here.closest(".tabs");
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

// A page with errors starts at their summary, so that it is read out and reached at once.
document.querySelector("[data-error-summary]")?.focus();
