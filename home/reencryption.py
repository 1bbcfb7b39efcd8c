"""After a key was put in front, everything is sealed with it, so that the older ones may go.

What is sealed is found by its kind of field in whatever models there are, and among secrets of second
factors. Values of people outside that lie in a second database have keys of their own
(`coalition.personal_data.move.reseal_all_values`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import TextField, Value

from coalition.core.crypto import SealedJSONField, SealedTextField, reseal
from coalition.personal_data.orphans import raw_columns
from coalition.personal_data.store import PREFIX

ROWS_AT_A_TIME: Final = 200  # rows of a transaction
AUTHENTICATOR_FIELD: Final = "mfa.Authenticator.data"
# Where allauth keeps secrets; a passkey has none.
AUTHENTICATOR_SECRETS: Final = {
    Authenticator.Type.TOTP: ("secret",),
    Authenticator.Type.RECOVERY_CODES: ("seed", "migrated_codes"),
}


@dataclass
class ReencryptionResult:
    """Values by model and field: sealed anew, and those that none of the keys opens."""

    anew: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def again(self, label: str, sealed: str, keys: Sequence[str]) -> str | None:
        """The value sealed with the first of the keys; None if it is, or if it is lost, which is noted."""
        try:
            return reseal(sealed, keys)
        except InvalidToken:
            self.lost[label] += 1
            return None


def sealed_fields() -> Iterator[Any]:
    """Every field that is encrypted in the database with NAMES_KEY."""
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.local_concrete_fields:
            if isinstance(one, SealedTextField | SealedJSONField):
                yield one


def reencrypt(*, dry: bool = False) -> ReencryptionResult:
    """Seal with the first of NAMES_KEY and of TOTP_KEY what another one sealed. `dry`: only count.

    Row by row, each only as it was read, so the site may go on meanwhile: what is written then is sealed with
    the first key."""
    done = ReencryptionResult()
    for one in sealed_fields():
        for part in _columns(one):
            with transaction.atomic():
                for pk, value in part:
                    _reencrypt_column(one, pk, value, done, dry=dry)
    for pk in list(Authenticator.objects.filter(type__in=AUTHENTICATOR_SECRETS).values_list("pk", flat=True)):
        with transaction.atomic():
            for authenticator in Authenticator.objects.select_for_update().filter(pk=pk):
                _reencrypt_authenticator(authenticator, done, dry=dry)
    return done


def column_literal(column: str) -> Any:
    """What shall stand in a sealed column itself."""
    return Value(column, output_field=TextField())


def _columns(one: Any) -> Iterator[list[tuple[Any, str]]]:
    """Primary key and column of the rows that have a value, some at a time: each may be large."""
    every = raw_columns(one).exclude(raw="").exclude(raw=None).exclude(raw__startswith=PREFIX).order_by("pk")
    rows = every
    while part := list(rows.values_list("pk", "raw")[:ROWS_AT_A_TIME]):
        yield part
        rows = every.filter(pk__gt=part[-1][0])


def _reencrypt_column(one: Any, pk: Any, value: str, done: ReencryptionResult, *, dry: bool) -> None:
    label = f"{one.model._meta.label}.{one.attname}"
    anew = done.again(label, value, settings.NAMES_KEYS)
    if anew is None:
        return
    if dry or raw_columns(one).filter(pk=pk, raw=value).update(**{one.attname: column_literal(anew)}):
        done.anew[label] += 1


def _reencrypt_authenticator(authenticator: Authenticator, done: ReencryptionResult, *, dry: bool) -> None:
    before = done.anew[AUTHENTICATOR_FIELD]
    for place in AUTHENTICATOR_SECRETS[Authenticator.Type(authenticator.type)]:
        found = authenticator.data.get(place)
        if isinstance(found, list):
            authenticator.data[place] = [_reencrypt_secret(one, done) for one in found]
        elif found:
            authenticator.data[place] = _reencrypt_secret(found, done)
    if done.anew[AUTHENTICATOR_FIELD] > before and not dry:
        authenticator.save(update_fields=["data"])


def _reencrypt_secret(sealed: str, done: ReencryptionResult) -> str:
    anew = done.again(AUTHENTICATOR_FIELD, sealed, settings.TOTP_KEYS)
    done.anew[AUTHENTICATOR_FIELD] += anew is not None
    return sealed if anew is None else anew
