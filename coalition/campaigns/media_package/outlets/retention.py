"""How long it is known which outlet took what."""

import datetime
from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from coalition.campaigns.media_package.models import PackageLink
from coalition.campaigns.media_package.outlets.queries import ended_before
from coalition.core.clock import now
from coalition.core.retention import RetentionRule, anonymise_cutoff, days_ago, empty_in_batches
from documents.contacts.models import Contact
from events.press.actions import UNDO_PERIOD

DAYS_KEPT: Final = 730  # after the end of the link


def forget_outlets() -> int:
    """Empty name, organisation, address and contact of links that ended two years ago, the address of erased
    press contacts, and who gave a link. What was taken stays as a number. Returns how many rows."""
    named = ~Q(outlet="") | ~Q(address="") | Q(contact__isnull=False) | Q(organisation__isnull=False)
    ended = ended_before(days_ago(DAYS_KEPT)).filter(named)
    made = PackageLink.objects.filter(made_at__lt=anonymise_cutoff(), made_by__isnull=False)
    return (
        empty_in_batches(ended, outlet="", organisation=None, address="", contact=None)
        + _forget_erased_contacts(now() - UNDO_PERIOD)
        + empty_in_batches(made, made_by=None)
    )


def _forget_erased_contacts(before: datetime.datetime) -> int:
    """Empty the copied address of press contacts that were removed. Contacts may be in another database."""
    rows = PackageLink.objects.filter(contact__isnull=False).exclude(address="")
    known: Iterable[object] = rows.values_list("contact", flat=True).distinct()
    removed = Contact.objects.filter(uuid__in=list(known), removed_at__lt=before)
    return empty_in_batches(rows.filter(contact__in=list(removed.values_list("uuid", flat=True))), address="")


OUTLETS = RetentionRule(
    name="campaigns.forget_outlets",
    of="campaigns.PackageLink: outlet, address, who gave the link; with it, which outlet took what"
    " (campaigns.TakenFile)",
    until=f"{DAYS_KEPT} days after the link ended; the address of a press contact until it is erased; who"
    " gave it AUDIT_PERSON_MONTHS; numbers stay",
    forget=forget_outlets,
)
