"""Verifying publications: all of them for the operator, and those that are due every hour.

A publication with a grave difference in two successive runs is taken off the site, if it is the only one:
several at once are most likely a fault of the software, or of the release. It comes back with the first run
that finds no grave difference.
"""

import datetime
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Final

from django.db import transaction

from coalition.audit import log
from coalition.core.clock import now
from documents.publication.models.publication import Publication
from documents.publication.queries.publications import publications_with_all
from documents.publication.verification import alarms
from documents.publication.verification.findings import Finding, FindingKind
from documents.publication.verification.hooks import (
    Batch,
    bring_back_all,
    reader_findings,
    take_off_all,
)
from documents.publication.verification.models import PublicationCheck, TakenOff
from documents.publication.verification.queries import BATCH, due_for_check, published_ever, taken_off_among
from documents.publication.verification.record import record_findings

EVERY: Final = datetime.timedelta(hours=1)
LONGEST: Final = 120  # seconds of one run; what is left is first in the next one
RUNS_BEFORE_TAKING_OFF: Final = 2
_NOT_COMPARED: Final = frozenset(
    {"unreadable", "record"}
)  # there is nothing that pages could be compared with

logger = logging.getLogger(__name__)

type Findings = Mapping[int, Sequence[Finding]]


def findings_of(publications: Iterable[int]) -> dict[int, list[Finding]]:
    """Verify these publications (primary keys): key → what differs, empty if nothing does. Write nothing.

    Raises what the database and the storage raise when they do not answer.
    """
    found: dict[int, list[Finding]] = {}
    for keys in batched(publications, BATCH, strict=False):
        found |= _findings_of_batch(keys)
    return found


def load_batch(keys: Sequence[int]) -> Batch:
    """Load those of these publications (primary keys) that are or were public, with all that is compared."""
    rows = publications_with_all().filter(pk__in=keys).select_related("round__draft__workspace")
    return Batch(list(rows.order_by("pk")), taken_off_among(keys))


def _findings_of_batch(keys: Sequence[int]) -> dict[int, list[Finding]]:
    batch = load_batch(keys)
    found: dict[int, list[Finding]] = {pk: [] for pk in keys}
    for pk in found.keys() - {one.pk for one in batch.publications}:
        found[pk].append(Finding(FindingKind.STATE, pk, "published_is_hidden"))
    _add(found, record_findings(batch))
    broken = {pk for pk, some in found.items() if any(one.code in _NOT_COMPARED for one in some)}
    compared = [one for one in batch.publications if one.pk not in broken]
    _add(found, reader_findings(Batch(compared, batch.taken_off)))
    return found


def _add(found: dict[int, list[Finding]], findings: Iterable[Finding]) -> None:
    for one in findings:
        if one not in found[one.publication]:
            found[one.publication].append(one)


def all_findings() -> Iterator[tuple[int, list[Finding]]]:
    """Verify every publication: primary key and what differs, in the order of the chain."""
    keys = published_ever().order_by("number").values_list("pk", flat=True)
    for some in batched(keys, BATCH, strict=False):
        yield from _findings_of_batch(some).items()


def verify_due() -> None:
    """Due work, every hour: verify what is due, take off what differs twice running, tell people."""
    begun, found = time.monotonic(), dict[int, list[Finding]]()
    due = due_for_check(now())
    for keys in batched(due, BATCH, strict=False):
        if time.monotonic() - begun > LONGEST:
            logger.warning(
                "verification of publications: %d are left for the next run", len(due) - len(found)
            )
            break
        found |= _findings_of_batch(keys)
    settle(found)


def settle(found: Findings) -> None:
    """Write down what a run found, and do what follows from it."""
    checks = _write(found)
    for pk, some in found.items():
        for one in some:
            logger.error("publication %d differs from its record: %s", pk, one.key)
    grave = [pk for pk, some in found.items() if any(one.is_grave for one in some)]
    off = taken_off_among(list(found))
    for pk in off - set(grave):
        _bring_back(pk)
    for pk in off & set(grave):
        _take_off_again(pk)
    waiting = [pk for pk in grave if pk not in off]
    if len(waiting) == 1 and checks[waiting[0]].grave_runs >= RUNS_BEFORE_TAKING_OFF:
        _take_off(waiting[0])
    with transaction.atomic():
        alarms.tell_of(found, checks)


def _write(found: Findings) -> dict[int, PublicationCheck]:
    """A row for each publication, with how many runs in succession found a grave difference."""
    moment = now()
    before = {row.publication_id: row for row in PublicationCheck.objects.filter(publication__in=list(found))}
    rows: dict[int, PublicationCheck] = {}
    for pk, some in found.items():
        row = before.get(pk) or PublicationCheck(publication_id=pk)
        is_grave = any(one.is_grave for one in some)
        row.checked_at, row.findings, row.finding_count = moment, [one.as_json() for one in some], len(some)
        row.grave_runs = min(row.grave_runs + 1, 1000) if is_grave else 0
        rows[pk] = row
    PublicationCheck.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["publication"],
        update_fields=["checked_at", "findings", "finding_count", "grave_runs"],
    )
    return rows


def _take_off(pk: int) -> None:
    """Take a publication off the site while it is checked, unless it was changed while it was verified."""
    with transaction.atomic():
        publication = _lock(pk)
        grave = [one for one in findings_of([pk]).get(pk, []) if one.is_grave]
        if not grave:
            return
        row, made = TakenOff.objects.get_or_create(
            publication=publication,
            defaults={"since": now(), "findings": [one.as_json() for one in grave]},
        )
        take_off_all(publication)
        if made:
            _record("publication.taken_off", publication, findings=[one.key for one in grave])
            alarms.tell_taken_off(publication, since=row.since)
    logger.error("publication %d was taken off the site", pk)


def _take_off_again(pk: int) -> None:
    """Take off what somebody published again while it differs."""
    with transaction.atomic():
        take_off_all(_lock(pk))


def _bring_back(pk: int) -> None:
    """Bring back what differs no more."""
    with transaction.atomic():
        publication = _lock(pk)
        row = TakenOff.objects.filter(publication=publication).first()
        if row is None:
            return
        row.delete()
        bring_back_all(publication)
        _record("publication.brought_back", publication)
        alarms.tell_brought_back(publication, since=row.since)
    logger.warning("publication %d is on the site again", pk)


def _lock(pk: int) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related(
        "round__draft__workspace", "replaces", "replaced_by"
    )
    return rows.get(pk=pk)


def _record(action: str, publication: Publication, **detail: Any) -> None:
    log.record(
        action,
        actor=None,
        target_kind="publication",
        target=publication.uuid,
        workspace=publication.round.draft.workspace.uuid,
        publication_number=publication.number,
        **detail,
    )
