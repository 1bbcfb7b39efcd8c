"""Verification of publications: hooks, runs, alarms, taking a publication off the site.

Coordinators of the workspace are notified in their inbox and by mail, the secretariat by one mail
per run, the operator by the log and the metrics. The same difference is reported once, then daily.

A publication with a grave difference in two successive runs is taken off the site, if it is the
only one: several at once are most likely a fault of the software, or of the release. It is restored
by the first run that finds no grave difference.
"""

import datetime
import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any, Final

from django.db import transaction

from coalition.accounts.models import OfficeKind
from coalition.accounts.queries import active_offices
from coalition.audit import log
from coalition.core.clock import now
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from documents.approval.audit import notify_coordinators
from documents.drafts.models import PublicationState
from documents.publication.models import Publication, PublicationCheck, TakenOff
from documents.publication.queries import sheet_address
from documents.publication.verification.findings import (
    BATCH_SIZE,
    Finding,
    bring_pages_online,
    due_for_check,
    offline_among,
    take_pages_offline,
)
from documents.publication.verification.record import compare_publications, findings_of, not_verified

# Slightly less than a day: hourly runs do not start at the exact minute.
ALARM_INTERVAL: Final = datetime.timedelta(hours=23, minutes=30)


def notify_differences(
    found: Mapping[int, Sequence[Finding]], checks: Mapping[int, PublicationCheck]
) -> None:
    """Report differences that are new, or were last reported a day ago. Updates `alarmed` of `checks`."""
    moment = now()
    new = [pk for pk, some in found.items() if _mark_alarmed(checks[pk], some, moment)]
    if not new:
        return
    PublicationCheck.objects.bulk_update([checks[pk] for pk in new], ["alarmed"], batch_size=200)
    rows = Publication.objects.filter(pk__in=new).select_related("round__draft__workspace")
    by_workspace: dict[int, list[Publication]] = defaultdict(list)
    for publication in rows.prefetch_related("texts__version").order_by("pk"):
        by_workspace[publication.round.draft.workspace_id].append(publication)
    for publications in by_workspace.values():
        first = publications[0]
        notify_coordinators(
            first.round,
            kind="publication_differs" if len(publications) == 1 else "publications_differ",
            once=f"{first.uuid}:{moment.isoformat()}",
            public=first,
            number=len(publications),
        )
    _mail_secretariat("differ", next(iter(by_workspace.values()))[0], len(new), moment)


def _mark_alarmed(check: PublicationCheck, some: Sequence[Finding], moment: datetime.datetime) -> bool:
    """Set in `alarmed` that these findings are reported now, if due. Return whether they are."""
    alarmed = {
        key: at
        for key, at in check.alarmed.items()
        if datetime.datetime.fromisoformat(at) > moment - ALARM_INTERVAL
    }
    if all(one.key in alarmed for one in some):
        return False
    check.alarmed = alarmed | {one.key: moment.isoformat() for one in some}
    return True


def _notify_about_pages(kind: str, publication: Publication, *, since: datetime.datetime) -> None:
    """Notify that a publication was taken off the site (`taken_off`), at the moment `since`, or that it is
    back (`brought_back`), in the caller's transaction."""
    once = f"{publication.uuid}:{since.isoformat()}"
    notify_coordinators(publication.round, kind=f"publication_{kind}", once=once, public=publication)
    _mail_secretariat(kind, publication, 1, since)


def _mail_secretariat(what: str, first: Publication, number: int, moment: datetime.datetime) -> None:
    """Send one mail to each person of the secretariat: how many texts, and the certificate of the first."""
    for office in active_offices().filter(kind=OfficeKind.SECRETARIAT).select_related("person"):
        outbox.queue_mail(
            key=f"verification:{what}:{first.uuid}:{moment.isoformat()}:{office.person.uuid}",
            template=f"documents/publications_{what}",
            language=office.person.language,
            person=office.person.uuid,
            context={
                "name": office.person.get_short_name(),
                "number": number,
                "button_url": absolute_url(sheet_address(first, office.person.language)),
            },
        )


def grave_among(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings for which a page is taken off."""
    return [one for one in findings if one.is_grave]


def take_publication_offline(pk: int) -> None:
    """Take a publication off the site, unless it no longer differs or was changed during verification.

    It is verified once more before it is locked: this requests pages of the site, and under a lock it would
    block all writers.
    """
    verified = _state_of(pk)
    grave = grave_among(findings_of([pk])[pk])
    if not grave:
        return
    with transaction.atomic():
        publication = _lock_publication(pk)
        if _state_of(pk) != verified:
            return
        row, made = TakenOff.objects.get_or_create(
            publication=publication,
            defaults={"since": now(), "findings": [one.as_json() for one in grave]},
        )
        take_pages_offline(publication)
        if made:
            _audit_publication("publication.taken_off", publication, findings=[one.key for one in grave])
            _notify_about_pages("taken_off", publication, since=row.since)
    logger.error("publication %d was taken off the site", pk)


def _state_of(pk: int) -> tuple[Any, ...]:
    """Return the mutable state of a publication and its names: equal if nothing changed meanwhile."""
    publication = Publication.objects.filter(pk=pk)
    fields = ("state", "withdrawn_at", "awaiting_since", "replaced_by")
    names = publication.order_by("names").values_list("names", "names__listing", "names__taken_off_at")
    return (*publication.values_list(*fields), *names)


def bring_publication_online(pk: int) -> list[Finding]:
    """Restore a publication, verify it as readers would get it, and undo that if it differs gravely.

    Return the findings. Notifications, mails and deletions follow a commit and so do not happen if it is
    undone. Raises any exception of the comparison; the publication then stays off the site.
    """
    with transaction.atomic():
        publication = _lock_publication(pk)
        row = TakenOff.objects.filter(publication=publication).first()
        if row is None:
            return compare_publications([pk])[pk]
        row.delete()
        bring_pages_online(publication)
        found = compare_publications([pk])[pk]
        if grave_among(found):
            transaction.set_rollback(True)
            return found
        if publication.state == PublicationState.PUBLIC:
            _audit_publication("publication.brought_back", publication)
            _notify_about_pages("brought_back", publication, since=row.since)
    logger.warning("publication %d is checked no more", pk)
    return found


def _lock_publication(pk: int) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related(
        "round__draft__workspace", "replaces", "replaced_by"
    )
    return rows.get(pk=pk)


def _audit_publication(action: str, publication: Publication, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=None,
        target_kind="publication",
        target=publication.uuid,
        workspace=publication.round.draft.workspace.uuid,
        publication_number=publication.number,
        **detail,
    )


RUN_INTERVAL: Final = datetime.timedelta(hours=1)
MAX_RUN_SECONDS: Final = 120  # seconds per run; the rest is first in the next one
RUNS_BEFORE_OFFLINE: Final = 2
# Somebody repairing a fault may run the verification every minute. A publication counts as
# differing twice only if enough time passed between; hourly runs may start some minutes early.
BETWEEN_COUNTED_RUNS: Final = datetime.timedelta(minutes=50)

logger = logging.getLogger(__name__)

type FindingsByPublication = dict[int, list[Finding]]


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
        grave = [pk for pk, some in found.items() if grave_among(some)]
        off = offline_among(grave)
        online = [pk for pk in grave if pk not in off]
        # several at once are rather a fault of the software
        if len(online) == 1 and checks[online[0]].grave_runs >= RUNS_BEFORE_OFFLINE:
            take_publication_offline(online[0])
    finally:
        with transaction.atomic():
            notify_differences(found, checks)


def _bring_fixed_online(found: FindingsByPublication) -> FindingsByPublication:
    """Restore what no longer differs gravely once its pages are written from the record. Return the
    remaining findings."""
    results = dict(found)
    for pk in sorted(offline_among(list(found))):
        try:
            results[pk] = bring_publication_online(pk)
            if grave_among(results[pk]):
                with transaction.atomic():  # somebody published it again while it differs
                    take_pages_offline(_lock_publication(pk))
        except Exception as error:  # noqa: BLE001  the other publications go on
            results[pk] = [*found[pk], not_verified(pk, error)]
    for pk, some in results.items():
        for one in some:
            logger.error("publication %d differs from its record: %s", pk, one.key)
    return results


def _store_checks(found: FindingsByPublication) -> dict[int, PublicationCheck]:
    """Write a row for each publication, with its number of successive runs with a grave difference."""
    moment = now()
    before = {row.publication_id: row for row in PublicationCheck.objects.filter(publication__in=list(found))}
    rows: dict[int, PublicationCheck] = {}
    for pk, some in found.items():
        row = before.get(pk) or PublicationCheck(publication_id=pk)
        row.checked_at, row.findings, row.finding_count = moment, [one.as_json() for one in some], len(some)
        if not grave_among(some):
            row.grave_runs, row.grave_counted_at = 0, None
        elif row.grave_counted_at is None or moment - row.grave_counted_at >= BETWEEN_COUNTED_RUNS:
            row.grave_runs, row.grave_counted_at = min(row.grave_runs + 1, 1000), moment
        rows[pk] = row
    PublicationCheck.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["publication"],
        update_fields=["checked_at", "findings", "finding_count", "grave_runs", "grave_counted_at"],
    )
    return rows
