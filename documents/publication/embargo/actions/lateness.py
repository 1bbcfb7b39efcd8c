"""A scheduled text that a fault keeps from becoming public: who is told, and when.

The lift is retried until it succeeds, or a coordinator puts it off, moves it or publishes it. Coordinators
are told after the first failure and once a day after it, people of outlets once a moment; when it has
succeeded, coordinators are told again, and outlets by the mail that every lift sends.
"""

import datetime
from uuid import UUID

from django.db import transaction

from coalition.core.clock import now
from coalition.workspaces.models import Notification
from documents.approval.audit import concern
from documents.approval.queries.rounds import coordinators_for
from documents.drafts.enums import PublicationState
from documents.publication.embargo.audit import tell_agreed
from documents.publication.models.publication import Publication

LATE = "embargo_late"


def tell_late(key: str) -> None:
    """Tell coordinators and the people of outlets that the publication with this UUID is late.

    Called after each failed attempt: who has been told is not told again. Two transactions, so that
    coordinators hear also where outlets cannot be written to (their addresses may lie in a database that is
    away); then it is tried again after the next failure.
    """
    with transaction.atomic():
        late = _late(UUID(key))
        if late is None:
            return
        publication, days = late
        concern(
            publication.round,
            coordinators_for(publication.round),
            kind=LATE,
            once=f"{_moment(publication)}:{days}",
        )
    with transaction.atomic():
        if (late := _late(UUID(key))) is not None:
            tell_agreed(late[0], LATE, once=f"{late[0].scheduled_at}")


def tell_lifted_late(publication: Publication) -> None:
    """Tell coordinators that it is public now, if they were told that it is late. Idempotent."""
    with transaction.atomic():
        locked = _locked(publication.uuid)
        if locked is None or locked.state != PublicationState.PUBLIC:
            return
        told = Notification.objects.filter(
            kind=LATE, subject=locked.round.uuid, key__startswith=f"{LATE}:{_moment(locked)}:"
        )
        if told.exists():
            concern(
                locked.round,
                coordinators_for(locked.round),
                kind="embargo_lifted_late",
                once=_moment(locked),
                public=locked,
            )


def _late(uuid: UUID) -> tuple[Publication, int] | None:
    """The publication, locked, and how many whole days it is late; None if it is not, or not scheduled."""
    locked = _locked(uuid)
    if locked is None or locked.state != PublicationState.SCHEDULED or locked.scheduled_at is None:
        return None
    late = now() - locked.scheduled_at
    return (locked, late.days) if late >= datetime.timedelta() else None


def _locked(uuid: UUID) -> Publication | None:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
    return rows.filter(uuid=uuid).first()


def _moment(publication: Publication) -> str:
    """What names this publication and the moment that was set, in keys of notifications."""
    return f"{publication.uuid}:{publication.scheduled_at}"
