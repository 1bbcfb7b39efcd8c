"""A device with passkeys, in software: it answers what the site asks as WebAuthn says."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """`looks`: whether it asks for finger or PIN before it answers. `origin`: the page it thinks it is on."""

    looks: bool = True
    origin: str = "https://testserver"
    site: str = "testserver"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    owner: str = ""  # the handle of the account, kept with the key

    def made(self, options: dict[str, Any]) -> str:
        """Answer to being asked for a new key."""
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        kept = bytes(16) + len(self.name).to_bytes(2) + self.name + public
        data = self._data(WITH_KEY) + kept
        return self._answer(
            {
                "clientDataJSON": websafe_encode(self._page("webauthn.create", asked["challenge"])),
                "attestationObject": websafe_encode(
                    cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
                ),
            }
        )

    def given(self, options: dict[str, Any]) -> str:
        """Answer to being asked who one is."""
        page, data = self._page("webauthn.get", options["publicKey"]["challenge"]), self._data()
        signed = self.key.sign(data + hashlib.sha256(page).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(page),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signed),
                "userHandle": self.owner,
            }
        )

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.looks else 0) | more
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4)

    def _page(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.name)
        whole = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps({**whole, "clientExtensionResults": {"credProps": {"rk": True}}})
