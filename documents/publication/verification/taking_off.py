"""Taking a publication off the site during verification, and restoring it."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coalition.audit import log
from coalition.core.clock import now
from documents.drafts.enums import PublicationState
from documents.publication.models import Publication
from documents.publication.verification import alarms
from documents.publication.verification.findings import Finding
from documents.publication.verification.hooks import bring_pages_online, take_pages_offline
from documents.publication.verification.models import TakenOff
from documents.publication.verification.record import compare_publications, findings_of

logger = logging.getLogger(__name__)


def grave_among(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings for which a page is taken off."""
    return [one for one in findings if one.is_grave]


def take_publication_offline(pk: int) -> None:
    """Take a publication off the site, unless it no longer differs or was changed during
    verification.

    It is verified once more before it is locked: this requests pages of the site, and under a lock
    it would block all writers.
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
            alarms.notify_taken_offline(publication, since=row.since)
    logger.error("publication %d was taken off the site", pk)


def _state_of(pk: int) -> tuple[Any, ...]:
    """Return the mutable state of a publication and its names: equal if nothing changed
    meanwhile."""
    publication = Publication.objects.filter(pk=pk)
    fields = ("state", "withdrawn_at", "awaiting_since", "replaced_by")
    names = publication.order_by("names").values_list("names", "names__listing", "names__taken_off_at")
    return (*publication.values_list(*fields), *names)


def take_publication_offline_again(pk: int) -> None:
    """Take off what somebody published again while it differs."""
    with transaction.atomic():
        take_pages_offline(_lock_publication(pk))


def bring_publication_online(pk: int) -> list[Finding]:
    """Restore a publication, verify it as readers would get it, and undo that if it differs
    gravely.

    Return the findings. Notifications, mails and deletions follow a commit and so do not happen if
    it is undone. Raises any exception of the comparison; the publication then stays off the site.
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
            alarms.notify_back_online(publication, since=row.since)
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
