"""Taking a publication off the site while it is checked, and bringing it back."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coalition.audit import log
from coalition.core.clock import now
from documents.drafts.enums import PublicationState
from documents.publication.models import Publication
from documents.publication.verification import alarms
from documents.publication.verification.comparison import compare, findings_of
from documents.publication.verification.findings import Finding
from documents.publication.verification.hooks import bring_back_all, take_off_all
from documents.publication.verification.models import TakenOff

logger = logging.getLogger(__name__)


def grave_among(findings: Sequence[Finding]) -> list[Finding]:
    """Those for which a page is taken off."""
    return [one for one in findings if one.is_grave]


def take_off(pk: int) -> None:
    """Take a publication off the site, unless it differs no more or was changed while it was verified.

    It is verified once more before it is locked: this asks the site for pages, and under a lock it would
    keep everybody else from writing.
    """
    verified = _state_of(pk)
    grave = grave_among(findings_of([pk])[pk])
    if not grave:
        return
    with transaction.atomic():
        publication = _lock(pk)
        if _state_of(pk) != verified:
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


def _state_of(pk: int) -> tuple[Any, ...]:
    """Return what actions change of a publication and its names: equal if nothing was done meanwhile."""
    publication = Publication.objects.filter(pk=pk)
    fields = ("state", "withdrawn_at", "awaiting_since", "replaced_by")
    names = publication.order_by("names").values_list("names", "names__listing", "names__taken_off_at")
    return (*publication.values_list(*fields), *names)


def take_off_again(pk: int) -> None:
    """Take off what somebody published again while it differs."""
    with transaction.atomic():
        take_off_all(_lock(pk))


def bring_back(pk: int) -> list[Finding]:
    """Bring a publication back, verify it as readers would get it, and undo that if it differs gravely.

    Return what was found. What is told, mailed or deleted follows a commit and so does not happen if it is
    undone. Raises whatever is raised while it is compared; it is off the site then as before.
    """
    with transaction.atomic():
        publication = _lock(pk)
        row = TakenOff.objects.filter(publication=publication).first()
        if row is None:
            return compare([pk])[pk]
        row.delete()
        bring_back_all(publication)
        found = compare([pk])[pk]
        if grave_among(found):
            transaction.set_rollback(True)
            return found
        if publication.state == PublicationState.PUBLIC:
            _record("publication.brought_back", publication)
            alarms.tell_brought_back(publication, since=row.since)
    logger.warning("publication %d is checked no more", pk)
    return found


def _lock(pk: int) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related(
        "round__draft__workspace", "replaces", "replaced_by"
    )
    return rows.get(pk=pk)


def _record(action: str, publication: Publication, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=None,
        target_kind="publication",
        target=publication.uuid,
        workspace=publication.round.draft.workspace.uuid,
        publication_number=publication.number,
        **detail,
    )
