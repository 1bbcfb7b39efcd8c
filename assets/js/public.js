/* The public pages work without this; it only saves a press or two. */
import { wirePrint } from "./printing.js";

wirePrint();
