"""Tokens of links in mails. The database keeps their hashes only."""

import base64
import hashlib
from uuid import UUID

from django.utils.crypto import salted_hmac


def hash_token(token: str) -> str:
    """Return what the database keeps of a token. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive_token(purpose: str, name: str | UUID) -> str:
    """Return the token of one thing, the same at every call, so that each mail about it can carry it.

    Derived with the site's SECRET_KEY; `purpose` keeps the tokens of different kinds of links apart.
    """
    digest = salted_hmac(purpose, str(name), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
