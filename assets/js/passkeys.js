/* Passkeys: the browser asks the device, and the form carries what it answered. Without script, or where the
   browser knows none, what needs them stays hidden and the page says so. */
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function made({ publicKey }) {
  const key = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
      // Kept on the device, and opened by finger, face or PIN: it signs in by itself.
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    },
  });
  return {
    ...about(key),
    response: {
      clientDataJSON: text(key.response.clientDataJSON),
      attestationObject: text(key.response.attestationObject),
      transports: key.response.getTransports?.() ?? [],
    },
  };
}

async function given({ publicKey }) {
  const key = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  return {
    ...about(key),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

const about = (key) => ({
  id: key.id,
  rawId: text(key.rawId),
  type: key.type,
  authenticatorAttachment: key.authenticatorAttachment ?? null,
  clientExtensionResults: key.getClientExtensionResults(),
});

const onPage = () => JSON.parse(document.getElementById("js_data").textContent);

async function asked(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("the server has no question");
  return answer.json();
}

const answers = {
  make: async () => made(onPage().creation_options),
  give: async () => given(onPage().request_options),
  ask: async (form) => given((await asked(form)).request_options),
};

export function wirePasskeys() {
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-passkeys-known]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-passkeys-unknown]")) part.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const failed = form.querySelector("[data-passkey-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await answers[form.dataset.passkey](form));
        form.submit();
      } catch {
        failed.hidden = false; // put away, too late, or no passkey for this site on the device
      }
    });
  }
}
