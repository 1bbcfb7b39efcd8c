// @ts-check
/* "Is this file current?": a chosen file is asked about by its SHA-256. The field has no name, so the form
   never sends the file. */
import { find } from "../dom.js";
import { questionAbout } from "./sha256.js";

const form = find(document, "#current-form", HTMLFormElement);
const words = find(form, "#file", HTMLInputElement);
const chooser = find(document, "#current-chooser");
const input = find(chooser, "#current-file", HTMLInputElement);
const busy = find(chooser, "#current-busy");

chooser.hidden = false;
input.addEventListener("change", async () => {
  const file = input.files?.[0];
  if (!file) return;
  busy.hidden = false;
  words.value = await questionAbout(file, globalThis.crypto?.subtle);
  busy.hidden = true;
  form.requestSubmit();
});
