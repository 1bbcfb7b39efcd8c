"""The hourly run: verify what is due, take publications off the site and bring them back, tell people.

A publication with a grave difference in two successive runs is taken off the site, if it is the only one:
several at once are most likely a fault of the software, or of the release. It comes back with the first run
that finds no grave difference.
"""

import datetime
import logging
import time
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Final

from django.db import transaction

from coalition.core.clock import now
from documents.publication.verification import alarms
from documents.publication.verification.comparison import findings_of, not_verified
from documents.publication.verification.findings import Finding
from documents.publication.verification.models import PublicationCheck
from documents.publication.verification.queries import BATCH, due_for_check, taken_off_among
from documents.publication.verification.taking_off import bring_back, grave_among, take_off, take_off_again

EVERY: Final = datetime.timedelta(hours=1)
LONGEST: Final = 120  # seconds of one run; what is left is first in the next one
RUNS_BEFORE_TAKING_OFF: Final = 2
# Whoever is repairing something may run the verification every minute. A publication counts as differing
# twice only if there was time between; hourly runs may come some minutes early.
BETWEEN_COUNTED_RUNS: Final = datetime.timedelta(minutes=50)

logger = logging.getLogger(__name__)

type Findings = dict[int, list[Finding]]
type Checks = Mapping[int, PublicationCheck]


def verify_due() -> None:
    """Due work, every hour: verify what is due, batch after batch, and do what follows from it.

    An exception that ends the run leaves what was verified before it written down and told.
    """
    begun, found, checks = time.monotonic(), dict[int, list[Finding]](), dict[int, PublicationCheck]()
    due = due_for_check(now())
    try:
        for keys in batched(due, BATCH, strict=False):
            if time.monotonic() - begun > LONGEST:
                logger.warning(
                    "verification of publications: %d are left for the next run", len(due) - len(found)
                )
                break
            some = _settle(findings_of(keys))
            found |= some
            checks |= _write(some)
        _take_off_the_only_one(found, checks)
    finally:
        with transaction.atomic():
            alarms.tell_of(found, checks)


def _settle(found: Findings) -> Findings:
    """Bring back what differs gravely no more once its pages are written from the record. Return what
    differs then."""
    settled = dict(found)
    for pk in sorted(taken_off_among(list(found))):
        try:
            settled[pk] = bring_back(pk)
            if grave_among(settled[pk]):
                take_off_again(pk)
        except Exception as error:  # noqa: BLE001  the other publications go on
            settled[pk] = [*found[pk], not_verified(pk, error)]
    for pk, some in settled.items():
        for one in some:
            logger.error("publication %d differs from its record: %s", pk, one.key)
    return settled


def _write(found: Findings) -> dict[int, PublicationCheck]:
    """Write a row for each publication, with how many runs in succession found a grave difference."""
    moment = now()
    before = {row.publication_id: row for row in PublicationCheck.objects.filter(publication__in=list(found))}
    rows: dict[int, PublicationCheck] = {}
    for pk, some in found.items():
        row = before.get(pk) or PublicationCheck(publication_id=pk)
        row.checked_at, row.findings, row.finding_count = moment, [one.as_json() for one in some], len(some)
        _count(row, moment, is_grave=bool(grave_among(some)))
        rows[pk] = row
    PublicationCheck.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["publication"],
        update_fields=["checked_at", "findings", "finding_count", "grave_runs", "grave_counted_at"],
    )
    return rows


def _count(row: PublicationCheck, moment: datetime.datetime, *, is_grave: bool) -> None:
    """Count the run if it found a grave difference, and not sooner after the last counted one than meant."""
    if not is_grave:
        row.grave_runs, row.grave_counted_at = 0, None
    elif row.grave_counted_at is None or moment - row.grave_counted_at >= BETWEEN_COUNTED_RUNS:
        row.grave_runs, row.grave_counted_at = min(row.grave_runs + 1, 1000), moment


def _take_off_the_only_one(found: Mapping[int, Sequence[Finding]], checks: Checks) -> None:
    grave = [pk for pk, some in found.items() if grave_among(some)]
    off = taken_off_among(grave)
    waiting = [pk for pk in grave if pk not in off]
    if len(waiting) == 1 and checks[waiting[0]].grave_runs >= RUNS_BEFORE_TAKING_OFF:
        take_off(waiting[0])
