"""Retention of by-products, and re-encryption with a new key.

Encrypted values are found by field type in all models, and among secrets of second factors. Values
of people outside the coalition that are in a second database have their own keys
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
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, PageLogEntry

from coalition.applicants.flow import DAYS_UNPROVED
from coalition.core.crypto import SealedJSONField, SealedTextField, reseal
from coalition.core.retention import (
    anonymise_cutoff,
    days_ago,
    delete_in_batches,
    empty_in_batches,
    register_retention_rule,
)
from coalition.jobs.models import DueWork
from coalition.mail import outbox as mail_retention
from coalition.mail.outbox import NEWS_KEY_PREFIX, delete_named_mail
from coalition.personal_data.orphans import raw_columns
from coalition.personal_data.store import PREFIX
from coalition.storage import cleanup
from home.models import NewsByMail
from home.news_mail import delete_unconfirmed_addresses

DAYS_DONE = 30


def delete_finished_work() -> int:
    """Delete finished jobs and tasks with their arguments. Return the number of rows."""
    before = days_ago(DAYS_DONE)
    return delete_in_batches(DueWork.objects.filter(done_at__lt=before)) + delete_in_batches(
        DBTaskResult.objects.filter(finished_at__lt=before)
    )


def anonymise_editors() -> int:
    """Clear names in the newsroom's histories after `AUDIT_PERSON_MONTHS`. Return the number of rows."""
    return sum(
        empty_in_batches(log.objects.filter(timestamp__lt=anonymise_cutoff(), user__isnull=False), user=None)
        for log in (PageLogEntry, ModelLogEntry)
    )


def delete_sent_news_records() -> int:
    """Delete the log of news sent to addresses that no longer subscribe. Return the number of rows."""
    return delete_named_mail(
        NEWS_KEY_PREFIX, still=lambda: {str(one) for one in NewsByMail.objects.values_list("uuid", flat=True)}
    )


def register_site_retention() -> None:
    """Register the rules."""
    mail_retention.register_mail_retention()
    cleanup.register_cleanup()
    register_retention_rule(
        "home.forget_unconfirmed",
        delete_unconfirmed_addresses,
        of="home.NewsByMail: addresses that asked for news",
        until=f"unconfirmed {DAYS_UNPROVED} days; confirmed until their owner ends it",
    )
    register_retention_rule(
        "home.forget_news_sent",
        delete_sent_news_records,
        of="outbox.OutboxMail: which news went to an address",
        until="a day after the address is gone",
    )
    register_retention_rule(
        "home.forget_done",
        delete_finished_work,
        of="clock.DueWork, django_tasks_database.DBTaskResult: work that was done",
        until=f"{DAYS_DONE} days",
    )
    register_retention_rule(
        "home.forget_editors",
        anonymise_editors,
        of="wagtailcore.PageLogEntry, ModelLogEntry: who did what in the newsroom",
        until="AUDIT_PERSON_MONTHS; then nobody's",
    )


ROWS_AT_A_TIME: Final = 200  # rows per transaction
AUTHENTICATOR_FIELD: Final = "mfa.Authenticator.data"
# Where allauth stores secrets; a passkey has none.
AUTHENTICATOR_SECRETS: Final = {
    Authenticator.Type.TOTP: ("secret",),
    Authenticator.Type.RECOVERY_CODES: ("seed", "migrated_codes"),
}


@dataclass
class ReencryptionResult:
    """Counts by model and field: re-encrypted values, and those that fit no key."""

    anew: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def again(self, label: str, sealed: str, keys: Sequence[str]) -> str | None:
        """Return the value encrypted with the first key; None if it already is, or if no key
        fits, which is counted."""
        try:
            return reseal(sealed, keys)
        except InvalidToken:
            self.lost[label] += 1
            return None


def sealed_fields() -> Iterator[Any]:
    """Yield every field that is encrypted in the database with NAMES_KEY."""
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.local_concrete_fields:
            if isinstance(one, SealedTextField | SealedJSONField):
                yield one


def reencrypt(*, dry: bool = False) -> ReencryptionResult:
    """Re-encrypt with the first of NAMES_KEY and of TOTP_KEY what uses another key. `dry`: only count.

    Row by row, each only if unchanged since it was read, so the site may run: concurrent writes use the first
    key.
    """
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
    """Return an expression for the raw content of an encrypted column."""
    return Value(column, output_field=TextField())


def _columns(one: Any) -> Iterator[list[tuple[Any, str]]]:
    """Yield primary key and column of the rows with a value, in batches: each may be large."""
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
