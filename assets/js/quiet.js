// @ts-check
/* Quiet pages (help above all) work without this. */
import { wireSafeExit } from "./safe_exit.js";
import { wireReplacing } from "./replacing_history.js";

wireSafeExit();
wireReplacing();
