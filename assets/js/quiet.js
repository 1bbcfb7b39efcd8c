/* Quiet pages (help above all) work without this. */
import { wireExit } from "./exit.js";
import { wireReplacing } from "./replacing_history.js";

wireExit();
wireReplacing();
