"""Model fields encrypted in the database with a key that is not on its disk."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

_decrypted_values: ContextVar[dict[str, str] | None] = ContextVar("what was unsealed once", default=None)


@contextmanager
def cache_decrypted() -> Iterator[None]:
    """Decrypt equal field values once within the block, for pages that join the same few organisations
    to hundreds of rows. The decrypted values are discarded at the end."""
    token = _decrypted_values.set({}) if _decrypted_values.get() is None else None
    try:
        yield
    finally:
        if token is not None:
            _decrypted_values.reset(token)


@lru_cache(maxsize=16)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(plain: str, keys: Sequence[str] = ()) -> str:
    """Encrypt with the first of these keys, with the newest of NAMES_KEY if none is given."""
    return _fernet(tuple(keys or settings.NAMES_KEYS)).encrypt(plain.encode()).decode()


def unseal(sealed: str, keys: Sequence[str] = ()) -> str:
    """Decrypt with whichever key fits. Raises `cryptography.fernet.InvalidToken` if none does."""
    return _fernet(tuple(keys or settings.NAMES_KEYS)).decrypt(sealed.encode()).decode()


def reseal(sealed: str, keys: Sequence[str]) -> str | None:
    """Encrypt again with the first key; None if it already is. Raises `InvalidToken` if none fits."""
    try:
        _fernet(tuple(keys[:1])).decrypt(sealed)
    except InvalidToken:
        return _fernet(tuple(keys)).rotate(sealed).decode()
    return None


class SealedTextField(models.TextField):
    """A text stored encrypted. The database cannot search or sort by it."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        known = _decrypted_values.get()
        if not value or known is None:
            return unseal(value) if value else value
        if value not in known:
            known[value] = unseal(value)
        return known[value]

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if value else value


class SealedJSONField(models.TextField):
    """JSON stored encrypted."""

    # django-stubs reads the attribute's set and get types from these.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return json.loads(unseal(value)) if value else {}

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return seal(json.dumps(value)) if value else ""


def parse_uuid(value: object) -> UUID | None:
    """Return the UUID, or None for anything else."""
    try:
        return UUID(str(value))
    except ValueError:
        return None
