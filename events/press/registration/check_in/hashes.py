"""Hashes that a check-in phone may store: a slow hash of the guest's code, and an id, both per
phone.

The salt is specific to one event and one phone, so that data of two phones, or of one phone for two
events, cannot be compared. A code has 58 bits: brute force of one of 500 hashes takes about 34
years on a card that computes ten thousand million SHA-256 a second.
"""

import hashlib
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

ROUNDS: Final = 5000  # 1 ms per code on the server, 5 to 20 ms on a phone
HASH_BYTES: Final = 16
ID_BYTES: Final = 8


def salt_of(event: UUID, phone: UUID) -> bytes:
    """Derive the salt from the phone's random UUID, which is stored only there; stable across
    sign-ins."""
    return salted_hmac("events.press_phone", f"{event}:{phone}", algorithm="sha256").digest()


def phone_print(salt: bytes) -> str:
    """Return the hash that distinguishes phones; the database stores nothing else about them."""
    return salted_hmac("events.press_phone_print", salt.hex(), algorithm="sha256").hexdigest()[:32]


def guest_id_for_phone(guest: UUID, salt: bytes) -> str:
    """Return the phone's id of a guest."""
    return hashlib.blake2b(guest.bytes, key=salt, digest_size=ID_BYTES).hexdigest()


def hash_guest_code(code: str, salt: bytes) -> str:
    """Return the hash of a code that the phone stores and compares with typed or scanned codes."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt, ROUNDS, HASH_BYTES).hex()
