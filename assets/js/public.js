// @ts-check
/* The public pages work without this; it only saves a press or two. */
import { wireCopyButtons } from "./copy_button.js";
import { wireLiveCounters } from "./live_counters.js";
import { wireSafeExit } from "./safe_exit.js";
import { wirePrintButtons } from "./print_button.js";

wireSafeExit();
wirePrintButtons();
wireCopyButtons();
wireLiveCounters();
