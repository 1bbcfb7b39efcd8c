"""How long personal data of consent is kept.

Items and what was agreed stay as long as the platform runs: they keep the gate closed. They hold no name.
"""

from typing import Final

from django.db.models import Q

from coalition.consent.gate import day_of
from coalition.consent.models import (
    ConsentItem,
    ConsentRecord,
    ConsentRole,
    ConsentWithdrawal,
    LegalReading,
    RemovalRequest,
)
from coalition.core.retention import (
    RetentionRule,
    anonymise_cutoff,
    days_ago,
    delete_in_batches,
    empty_in_batches,
)

CONTACT_DAYS: Final = 365  # after the end of the consent
TAKER_DAYS: Final = 365  # after the withdrawal


def forget_contacts() -> int:
    """Empty the caseworker and how to reach them in records that ended a year ago. Returns how many."""
    end = days_ago(CONTACT_DAYS)
    ended = Q(withdrawn_at__lt=end) | Q(until__lt=day_of(end))
    rows = ConsentRecord.objects.filter(ended).exclude(contact="", caseworker=None)
    return empty_in_batches(rows, contact="", caseworker=None)


def forget_takers() -> int:
    """Empty names and addresses of takers a year after a withdrawal. Returns how many."""
    empty = dict.fromkeys(("taker", "address", "title", "token_hash"), "")
    rows = RemovalRequest.objects.filter(withdrawal__at__lt=days_ago(TAKER_DAYS)).exclude(**empty)
    return empty_in_batches(rows, **empty)


def forget_roles() -> int:
    """Delete ended roles. Returns how many."""
    return delete_in_batches(ConsentRole.objects.filter(ended_at__lt=anonymise_cutoff()))


def forget_people() -> int:
    """Erase who added items, read them, took back and noted answers. Returns how many rows."""
    end = anonymise_cutoff()
    return sum(
        (
            empty_in_batches(
                ConsentItem.objects.filter(added_at__lt=end).exclude(added_by=None), added_by=None
            ),
            empty_in_batches(LegalReading.objects.filter(at__lt=end).exclude(reader=None), reader=None),
            empty_in_batches(ConsentWithdrawal.objects.filter(at__lt=end).exclude(by=None), by=None),
            empty_in_batches(
                RemovalRequest.objects.filter(answered_at__lt=end).exclude(recorded_by=None),
                recorded_by=None,
            ),
        )
    )


RULES: Final = (
    RetentionRule(
        name="consent.forget_contacts",
        of="consent.ConsentRecord: caseworker, and how to reach them",
        until=f"{CONTACT_DAYS} days after its end; code, items and answers stay: they keep the gate closed",
        forget=forget_contacts,
    ),
    RetentionRule(
        name="consent.forget_takers",
        of="consent.RemovalRequest: who took an item, and the address",
        until=f"{TAKER_DAYS} days after the withdrawal; the answer stays",
        forget=forget_takers,
    ),
    RetentionRule(
        name="consent.forget_roles",
        of="consent.ConsentRole: ended roles of caseworkers and lawyers",
        until="AUDIT_PERSON_MONTHS",
        forget=forget_roles,
    ),
    RetentionRule(
        name="consent.forget_people",
        of="consent.ConsentItem, LegalReading, ConsentWithdrawal, RemovalRequest: who added, read, noted",
        until="AUDIT_PERSON_MONTHS; the organisations stay",
        forget=forget_people,
    ),
)
