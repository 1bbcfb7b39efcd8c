// @ts-check
/* Passkeys: the browser asks the device, and the form carries what it answered. Without script, or where the
   browser knows none, what needs them stays hidden and the page says so. */
import { find, findAll, jsonIn } from "./dom.js";
import { creationOptions, credentialJSON, requestOptions } from "./passkey_json.js";

/** @type {(options: { publicKey: PublicKeyCredentialCreationOptionsJSON }) => Promise<Credential | null>} */
const create = ({ publicKey }) =>
  navigator.credentials.create({
    publicKey: creationOptions({
      ...publicKey,
      // Kept on the device, and opened by finger, face or PIN: it signs in by itself.
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    }),
  });

/** @type {(options: { publicKey: PublicKeyCredentialRequestOptionsJSON }) => Promise<Credential | null>} */
const get = ({ publicKey }) => navigator.credentials.get({ publicKey: requestOptions(publicKey) });

const pageOptions = () => jsonIn(document, "#js_data");

/** @type {(form: HTMLFormElement) => Promise<any>} any: JSON */
async function fetchOptions(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the server has no options: ${answer.status}`);
  return answer.json();
}

/**
 * By the form's data-passkey.
 * @type {Record<string, (form: HTMLFormElement) => Promise<Credential | null>>}
 */
const ways = {
  make: async () => create(pageOptions().creation_options),
  give: async () => get(pageOptions().request_options),
  ask: async (form) => get((await fetchOptions(form)).request_options),
};

export function wirePasskeys() {
  if (!window.PublicKeyCredential) return;
  for (const part of findAll(document, "[data-passkeys-known]")) part.hidden = false;
  for (const part of findAll(document, "[data-passkeys-unknown]")) part.hidden = true;
  for (const form of findAll(document, "form[data-passkey]", HTMLFormElement)) {
    const failed = find(form, "[data-passkey-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const credential = await ways[form.dataset.passkey ?? ""](form);
        find(form, "[name=credential]", HTMLInputElement).value = JSON.stringify(credentialJSON(credential));
        form.submit();
      } catch {
        failed.hidden = false; // put away, too late, or no passkey for this site on the device
      }
    });
  }
}
