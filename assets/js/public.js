/* The public pages work without this; it only saves a press or two. */
import { wireCopying } from "./copying.js";
import { wireCounters } from "./counters.js";
import { wireExit } from "./exit.js";
import { wirePrint } from "./printing.js";

wireExit();
wirePrint();
wireCopying();
wireCounters();
