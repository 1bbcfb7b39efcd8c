"""After a key was put in front, everything is sealed with it, so that the older ones may go.

What is sealed is found by its kind of field in whatever models there are, and among secrets of second
factors. Values of people outside that lie in a second database have keys of their own
(`coalition.vault.move.seal_anew`).
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db.models import TextField, Value

from coalition.sealed import SealedJSONField, SealedTextField
from coalition.vault.loose import raw
from coalition.vault.store import PREFIX

AT_A_TIME: Final = 200  # rows
CODES: Final = "mfa.Authenticator.data"


@dataclass
class Sealed:
    """Values by model and field: sealed anew, and those that none of the keys opens."""

    anew: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


def sealed_fields() -> Iterator[Any]:
    """Every field that is encrypted in the database with NAMES_KEY."""
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.local_concrete_fields:
            if isinstance(one, SealedTextField | SealedJSONField):
                yield one


def seal_anew(*, dry: bool = False) -> Sealed:
    """Seal with the first of NAMES_KEY and of TOTP_KEY what another one sealed. `dry`: only count.

    Row by row, each only if it still is what was read, so the site may go on meanwhile."""
    done = Sealed()
    for one in sealed_fields():
        label = f"{one.model._meta.label}.{one.attname}"
        for pk, value in _columns(one):
            _seal_column(one, label, pk, value, done, dry=dry)
    for authenticator in Authenticator.objects.order_by("pk"):
        _seal_codes(authenticator, done, dry=dry)
    return done


def reseal(value: str, keys: list[str]) -> str | None:
    """The value sealed with the first of the keys; None if it is already. Raises `InvalidToken`."""
    try:
        Fernet(keys[0]).decrypt(value)
    except InvalidToken:
        return MultiFernet([Fernet(key) for key in keys]).rotate(value).decode()
    return None


def as_is(column: str) -> Any:
    """What shall stand in a sealed column itself."""
    return Value(column, output_field=TextField())


def _columns(one: Any) -> Iterator[tuple[Any, str]]:
    """Primary key and column of each row that has a value, some rows at a time: each may be large."""
    every = raw(one).exclude(raw="").exclude(raw=None).exclude(raw__startswith=PREFIX).order_by("pk")
    rows = every
    while part := list(rows.values_list("pk", "raw")[:AT_A_TIME]):
        yield from part
        rows = every.filter(pk__gt=part[-1][0])


def _seal_column(one: Any, label: str, pk: Any, value: str, done: Sealed, *, dry: bool) -> None:
    try:
        anew = reseal(value, settings.NAMES_KEYS)
    except InvalidToken:
        done.lost[label] += 1
        return
    if anew is None:
        return
    if dry or raw(one).filter(pk=pk, raw=value).update(**{one.attname: as_is(anew)}):
        done.anew[label] += 1


def _seal_codes(authenticator: Authenticator, done: Sealed, *, dry: bool) -> None:
    """Secrets stand among other data; what no key opens there need not be one (passkeys hold none)."""
    before = json.dumps(authenticator.data)
    data, count = _resealed(authenticator.data)
    if count and (dry or _unchanged(authenticator, before).update(data=data)):
        done.anew[CODES] += count


def _unchanged(authenticator: Authenticator, before: str) -> Any:
    return Authenticator.objects.filter(pk=authenticator.pk, data=json.loads(before))


def _resealed(data: Any) -> tuple[Any, int]:
    match data:
        case dict():
            found = {name: _resealed(value) for name, value in data.items()}
            return {name: value for name, (value, _count) in found.items()}, sum(
                n for _v, n in found.values()
            )
        case list():
            listed = [_resealed(value) for value in data]
            return [value for value, _count in listed], sum(count for _value, count in listed)
        case str():
            try:
                anew = reseal(data, settings.TOTP_KEYS)
            except InvalidToken:
                return data, 0
            return (data, 0) if anew is None else (anew, 1)
    return data, 0
