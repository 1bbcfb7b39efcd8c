/** What the editor keeps on this device until it is saved (editor/live/unsaved_updates.js) goes when one signs out, also
    what a window left that is long gone: phones are taken at the door. With it goes what a phone knows of the
    door of a press conference (check_in/store.js). */
import { clearCheckInData } from "./check_in/store.js";

export const PREFIX = "coalition-unsaved-";
const LONGEST = 1500; // ms that signing out may wait for it

/** The names of what is kept here, for any text and person. */
export async function unsavedDatabases() {
  const found = (await window.indexedDB?.databases?.().catch(() => [])) ?? [];
  return found.map(({ name }) => name).filter((name) => name?.startsWith(PREFIX));
}

const gone = (name) =>
  new Promise((resolve) => {
    const asked = window.indexedDB.deleteDatabase(name);
    for (const event of ["success", "error", "blocked"]) asked.addEventListener(event, resolve);
  });

async function forget() {
  await Promise.all([...(await unsavedDatabases()).map(gone), clearCheckInData().catch(() => undefined)]);
}

export function wireSignOut() {
  for (const form of document.querySelectorAll("form[data-leaves]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await Promise.race([forget(), new Promise((resolve) => setTimeout(resolve, LONGEST))]);
      form.submit();
    });
  }
}
