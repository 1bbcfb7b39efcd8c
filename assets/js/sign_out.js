// @ts-check
/* Signing out deletes what this device stores: edits that are not saved yet (editor/live/unsaved_updates.js), also
   those of windows closed long ago, since phones are seized; what a phone knows of the check-in at a press
   conference (check_in/store.js), and of packets of cards (card_packets/store.js). */
import { clearCardPackets } from "./card_packets/store.js";
import { clearCheckInData } from "./check_in/store.js";
import { databaseNames, deleteDatabase, UNSAVED } from "./databases.js";
import { findAll } from "./dom.js";

const LONGEST = 1500; // ms that signing out may wait for it

async function forget() {
  await Promise.all([
    ...(await databaseNames(UNSAVED)).map(deleteDatabase),
    clearCheckInData().catch(() => undefined),
    clearCardPackets().catch(() => undefined),
  ]);
}

export function wireSignOut() {
  for (const form of findAll(document, "form[data-leaves]", HTMLFormElement)) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await Promise.race([forget(), new Promise((resolve) => setTimeout(resolve, LONGEST))]);
      form.submit();
    });
  }
}
