// @ts-check
/* Entry point of quiet pages (help above all), which work without it. */
import { wireSafeExit } from "./safe_exit.js";
import { wireReplacing } from "./replacing_history.js";

wireSafeExit();
wireReplacing();
