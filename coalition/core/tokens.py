"""Tokens of links in mails. The database stores only their hashes."""

import base64
import hashlib
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac


def hash_token(token: str) -> str:
    """Return the hash to store. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def lookup_keys() -> list[str]:
    """Return the keys used for hashes and tokens, the current one first."""
    return [settings.SECRET_KEY, *settings.FORMER_SECRET_KEYS]


def derive_token(purpose: str, name: str | UUID, *, known_hash: str = "") -> str:
    """Return the token of one thing, the same at every call, so that each mail about it can contain it.

    Derived with the site's SECRET_KEY; `purpose` separates the tokens of different kinds of links.
    `known_hash`: its stored hash (`hash_token`). If a former key made it, that key's token is returned.
    """
    tokens = [_derived(purpose, str(name), key) for key in lookup_keys()]
    return next((one for one in tokens if known_hash == hash_token(one)), tokens[0])


def _derived(purpose: str, name: str, key: str) -> str:
    digest = salted_hmac(purpose, name, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
