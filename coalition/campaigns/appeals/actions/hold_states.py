"""Rows of a hold move between held, counted and set aside, and totals move with them."""

from collections import Counter

from django.db import transaction

from coalition.campaigns.appeals.contact_addresses import erase_addresses_without_consent
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.models import Hold, Support, SupportChange

MOVED_FROM = {
    True: (SupportState.HELD, SupportState.SET_ASIDE),
    False: (SupportState.HELD, SupportState.COUNTED),
}
LARGEST_CHANGE = 32_000  # of one row of SupportChange, a small integer
BATCH = 2000  # rows in one statement


def set_states(*, hold: Hold, counted: bool) -> int:
    """Count the rows of a hold, or set them aside. Returns how many moved; a second call moves none.

    In one transaction, with the rows locked. Only what enters or leaves the counted ones changes a total. The
    addresses of counted rows are erased but for those who agreed to be contacted; rows that are set aside
    keep theirs until retention erases them. Unconfirmed and withdrawn rows are not touched.
    """
    target = SupportState.COUNTED if counted else SupportState.SET_ASIDE
    with transaction.atomic():
        rows = Support.objects.filter(hold=hold, state__in=MOVED_FROM[counted])
        rows = rows.select_for_update(of=("self",)).order_by("pk")
        found = list(rows.only("pk", "state", "version", "region", "language", "referral"))
        for start in range(0, len(found), BATCH):
            keys = [row.pk for row in found[start : start + BATCH]]
            Support.objects.filter(pk__in=keys).update(state=target)
        changes = Counter(
            (row.version_id, row.region, row.language, row.referral_id)
            for row in found
            if counted or row.state == SupportState.COUNTED
        )
        SupportChange.objects.bulk_create(
            SupportChange(
                version_id=version,
                region=region,
                language=language,
                referral_id=referral,
                difference=part if counted else -part,
            )
            for (version, region, language, referral), number in changes.items()
            for part in _parts(number)
        )
        if counted:
            erase_addresses_without_consent(Support.objects.filter(hold=hold, state=SupportState.COUNTED))
    return len(found)


def _parts(number: int) -> list[int]:
    """Split a number into parts that fit into one row."""
    whole, rest = divmod(number, LARGEST_CHANGE)
    return [LARGEST_CHANGE] * whole + ([rest] if rest else [])
