"""Retention of guests' names: limited, as for people in the audit log."""

from django.db.models import Q

from coalition.core.retention import anonymise_cutoff, empty_in_batches
from documents.guests.models import GuestLink
from documents.hooks import HOOKS


def forget_guests() -> int:
    """Erase names and addresses of guests whose links ended `AUDIT_PERSON_MONTHS` ago; return the
    row count.

    Their uses, comments and verdicts stay, attributed to "a guest".
    """
    before = anonymise_cutoff()
    over = GuestLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    uuids = list(over.values_list("uuid", flat=True))
    elsewhere = sum(forget(before, uuids) for forget in HOOKS.guests_forgotten)
    return elsewhere + empty_in_batches(GuestLink.objects.filter(uuid__in=uuids), name="", email="")
