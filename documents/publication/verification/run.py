"""The hourly run: verify due publications, take them off the site or restore them, notify people.

A publication with a grave difference in two successive runs is taken off the site, if it is the
only one: several at once are most likely a fault of the software, or of the release. It is restored
by the first run that finds no grave difference.
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
from documents.publication.verification.findings import BATCH_SIZE, Finding, due_for_check, offline_among
from documents.publication.verification.models import PublicationCheck
from documents.publication.verification.record import findings_of, not_verified
from documents.publication.verification.taking_off import (
    bring_publication_online,
    grave_among,
    take_publication_offline,
    take_publication_offline_again,
)

RUN_INTERVAL: Final = datetime.timedelta(hours=1)
MAX_RUN_SECONDS: Final = 120  # seconds per run; the rest is first in the next one
RUNS_BEFORE_OFFLINE: Final = 2
# Somebody repairing a fault may run the verification every minute. A publication counts as
# differing twice only if enough time passed between; hourly runs may start some minutes early.
BETWEEN_COUNTED_RUNS: Final = datetime.timedelta(minutes=50)

logger = logging.getLogger(__name__)

type FindingsByPublication = dict[int, list[Finding]]
type ChecksByPublication = Mapping[int, PublicationCheck]


def verify_due() -> None:
    """Run the hourly job: verify due publications, batch by batch, and act on the findings.

    Results before an exception that ends the run are recorded and reported.
    """
    begun, found, checks = time.monotonic(), dict[int, list[Finding]](), dict[int, PublicationCheck]()
    due = due_for_check(now())
    try:
        for keys in batched(due, BATCH_SIZE, strict=False):
            if time.monotonic() - begun > MAX_RUN_SECONDS:
                logger.warning(
                    "verification of publications: %d are left for the next run", len(due) - len(found)
                )
                break
            some = _bring_fixed_online(findings_of(keys))
            found |= some
            checks |= _store_checks(some)
        _take_offline_if_single(found, checks)
    finally:
        with transaction.atomic():
            alarms.notify_differences(found, checks)


def _bring_fixed_online(found: FindingsByPublication) -> FindingsByPublication:
    """Restore what no longer differs gravely once its pages are written from the record. Return the
    remaining findings."""
    settled = dict(found)
    for pk in sorted(offline_among(list(found))):
        try:
            settled[pk] = bring_publication_online(pk)
            if grave_among(settled[pk]):
                take_publication_offline_again(pk)
        except Exception as error:  # noqa: BLE001  the other publications go on
            settled[pk] = [*found[pk], not_verified(pk, error)]
    for pk, some in settled.items():
        for one in some:
            logger.error("publication %d differs from its record: %s", pk, one.key)
    return settled


def _store_checks(found: FindingsByPublication) -> dict[int, PublicationCheck]:
    """Write a row for each publication, with its number of successive runs with a grave
    difference."""
    moment = now()
    before = {row.publication_id: row for row in PublicationCheck.objects.filter(publication__in=list(found))}
    rows: dict[int, PublicationCheck] = {}
    for pk, some in found.items():
        row = before.get(pk) or PublicationCheck(publication_id=pk)
        row.checked_at, row.findings, row.finding_count = moment, [one.as_json() for one in some], len(some)
        _count_grave_run(row, moment, is_grave=bool(grave_among(some)))
        rows[pk] = row
    PublicationCheck.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["publication"],
        update_fields=["checked_at", "findings", "finding_count", "grave_runs", "grave_counted_at"],
    )
    return rows


def _count_grave_run(row: PublicationCheck, moment: datetime.datetime, *, is_grave: bool) -> None:
    """Count the run if it found a grave difference, and enough time passed since the last counted
    one."""
    if not is_grave:
        row.grave_runs, row.grave_counted_at = 0, None
    elif row.grave_counted_at is None or moment - row.grave_counted_at >= BETWEEN_COUNTED_RUNS:
        row.grave_runs, row.grave_counted_at = min(row.grave_runs + 1, 1000), moment


def _take_offline_if_single(found: Mapping[int, Sequence[Finding]], checks: ChecksByPublication) -> None:
    grave = [pk for pk, some in found.items() if grave_among(some)]
    off = offline_among(grave)
    waiting = [pk for pk in grave if pk not in off]
    if len(waiting) == 1 and checks[waiting[0]].grave_runs >= RUNS_BEFORE_OFFLINE:
        take_publication_offline(waiting[0])
