// @ts-check
/* Passkeys as JSON, by WebAuthn level 3. Browsers convert it themselves since Chrome 129, Firefox 119 and Safari
   18.4; the rest is for the older ones that docs/limits.md promises, and can go with them. */

/** @type {(text: string) => Uint8Array<ArrayBuffer>} */
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** @type {(buffer: ArrayBuffer) => string} */
const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** @type {(keys?: PublicKeyCredentialDescriptorJSON[]) => PublicKeyCredentialDescriptor[]} */
const descriptors = (keys = []) =>
  keys.map((key) => /** @type {PublicKeyCredentialDescriptor} */ ({ ...key, id: bytes(key.id) }));

/** @type {(json: PublicKeyCredentialCreationOptionsJSON) => PublicKeyCredentialCreationOptions} */
export function creationOptions(json) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON)
    return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  const { challenge, user, excludeCredentials } = json;
  return /** @type {PublicKeyCredentialCreationOptions} */ ({
    ...json,
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: descriptors(excludeCredentials),
  });
}

/** @type {(json: PublicKeyCredentialRequestOptionsJSON) => PublicKeyCredentialRequestOptions} */
export function requestOptions(json) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON)
    return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  const { challenge, allowCredentials } = json;
  return /** @type {PublicKeyCredentialRequestOptions} */ ({
    ...json,
    challenge: bytes(challenge),
    allowCredentials: descriptors(allowCredentials),
  });
}

/**
 * What the device answered, for the server.
 * @param {Credential | null} credential
 */
export function credentialJSON(credential) {
  if (!credential) throw new Error("the device gave no key");
  const key = /** @type {PublicKeyCredential} */ (credential);
  try {
    return key.toJSON();
  } catch {
    // An older browser, or a password manager's stand-in for the browser's object.
    const { id, rawId, type, authenticatorAttachment = null, response } = key;
    const members = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const given = /** @type {Record<string, ArrayBuffer | undefined>} */ (/** @type {unknown} */ (response));
    const transports = /** @type {AuthenticatorAttestationResponse} */ (response).getTransports?.();
    return {
      id,
      rawId: base64url(rawId),
      type,
      authenticatorAttachment,
      clientExtensionResults: key.getClientExtensionResults(),
      response: {
        ...Object.fromEntries(
          members.flatMap((name) => (given[name] ? [[name, base64url(given[name])]] : [])),
        ),
        ...(transports && { transports }),
      },
    };
  }
}
