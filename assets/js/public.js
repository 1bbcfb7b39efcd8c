// @ts-check
/* Entry point of the public pages, which work without it. */
import { wireCopyButtons } from "./copy_button.js";
import { wireLiveCounters } from "./live_counters.js";
import { wireSafeExit } from "./safe_exit.js";
import { wirePrintButtons } from "./print_button.js";

wireSafeExit();
wirePrintButtons();
wireCopyButtons();
wireLiveCounters();
