/* The public pages work without this; it only saves a press or two. */
import { wireCopying } from "./copying.js";
import { wirePrint } from "./printing.js";

wirePrint();
wireCopying();
