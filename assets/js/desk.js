/* Every page of the members' area. Reading, comparing and approving work without it. */
import "htmx.org/dist/htmx.esm.js";

import { wireDialogs } from "./dialogs.js";
import { wireLive } from "./live.js";
import { wirePlanning } from "./planning.js";
import { wirePrint } from "./printing.js";
import { wireToasts } from "./toasts.js";
import { wireUnsaved } from "./unsaved.js";
import { wireUploads } from "./upload.js";

wireDialogs();
wireLive();
wirePlanning();
wirePrint();
wireToasts();
wireUnsaved();
wireUploads();

// On a phone the row of tabs is longer than the screen: the one we are on is in view.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}

// A page with errors starts at their summary, so that it is read out and reached at once.
document.querySelector("[data-error-summary]")?.focus();
