"""What a phone at the door may hold of a journalist: a slow hash of the code, and an id, both its own.

The salt is of one event and one phone, so that what two phones hold, or one phone for two events, cannot be
compared. A code has 58 bits: to turn one of 500 hashes round by trying, a card that computes ten thousand
million SHA-256 a second needs about 34 years.
"""

import hashlib
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

ROUNDS: Final = 5000  # 1 ms a code on the server, 5 to 20 ms on a phone
HASH_BYTES: Final = 16
ID_BYTES: Final = 8


def salt_of(event: UUID, phone: UUID) -> bytes:
    """Of a random number that the phone made: kept nowhere but there, and the same after signing in again."""
    return salted_hmac("events.press_phone", f"{event}:{phone}", algorithm="sha256").digest()


def print_of(salt: bytes) -> str:
    """By which a phone's ticks are told from another's. The database keeps nothing else of it."""
    return salted_hmac("events.press_phone_print", salt.hex(), algorithm="sha256").hexdigest()[:32]


def known_as(guest: UUID, salt: bytes) -> str:
    """The id that the phone has for somebody."""
    return hashlib.blake2b(guest.bytes, key=salt, digest_size=ID_BYTES).hexdigest()


def hidden(code: str, salt: bytes) -> str:
    """The code as the phone holds it. The phone computes the same of what is typed or scanned."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt, ROUNDS, HASH_BYTES).hex()
