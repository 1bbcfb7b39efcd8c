"""Rounds as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.workspaces.notifications.subjects import NotificationSubject, SubjectDescription
from documents.approval.models import ApprovalRound
from documents.approval.queries.rounds import asked_of
from documents.capability import address_of
from documents.drafts.queries import drafts_for


def _rounds_for(user: User) -> QuerySet[ApprovalRound]:
    """Of drafts that the person may read, and in which they may decide, with or without a seat."""
    decides = asked_of(user).order_by().filter(round=OuterRef("pk"))
    return ApprovalRound.objects.filter(
        Q(draft__in=drafts_for(user).order_by().values("pk")) | Exists(decides)
    )


def _rounds(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = ApprovalRound.objects.filter(uuid__in=uuids).select_related("draft")
    return {row.uuid: SubjectDescription(row.draft.title, row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {
    "round": NotificationSubject(_rounds_for, _rounds, address_of("round"))
}
