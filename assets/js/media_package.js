// @ts-check
/* Entry point of the pages of media packages, beside `public.js`. */
import { wireFileSharing } from "./share_file.js";

wireFileSharing();
