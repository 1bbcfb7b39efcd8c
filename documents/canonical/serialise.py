"""The bytes of a canonical document, and the hash that records refer to."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import rfc8785

SHORT_LENGTH: Final = 20
"""Eight characters can be matched by force in an hour, twenty cannot."""


def canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Serialise by RFC 8785. Equal documents give equal bytes, for ever."""
    return rfc8785.dumps(dict(document))


def canonical_hash(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes as 64 lower-case hex characters."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def short_hash(full: str) -> str:
    """Return the first 20 characters in groups of four: `9f3a 71c0 e84b 0be2 77a9`."""
    start = full[:SHORT_LENGTH]
    return " ".join(start[index : index + 4] for index in range(0, len(start), 4))
