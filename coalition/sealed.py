"""Model fields that are encrypted in the database with a key that is not on its disk."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(plain: str, keys: Sequence[str] = ()) -> str:
    """Encrypt with the first of these keys, with the newest of NAMES_KEY if none is given."""
    return _fernet(tuple(keys or settings.NAMES_KEYS)).encrypt(plain.encode()).decode()


def unseal(sealed: str, keys: Sequence[str] = ()) -> str:
    """Decrypt with whichever key fits. Raises `cryptography.fernet.InvalidToken` if none does."""
    return _fernet(tuple(keys or settings.NAMES_KEYS)).decrypt(sealed.encode()).decode()


class SealedTextField(models.TextField):
    """A text that the database holds encrypted. It cannot be searched or sorted by the database."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return unseal(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if value else value


class SealedJSONField(models.TextField):
    """JSON that the database holds encrypted."""

    # What django-stubs reads as the types of the attribute, set and got.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return json.loads(unseal(value)) if value else {}

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return seal(json.dumps(value)) if value else ""
