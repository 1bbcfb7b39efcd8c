"""Drafts, texts and versions as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from coalition.accounts.models import User
from coalition.workspaces.notifications.subjects import NotificationSubject, SubjectDescription
from documents.capability import address_of
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.queries import drafts_for, versions_for


def _texts_for(user: User) -> QuerySet[DraftText]:
    return DraftText.objects.filter(draft__in=drafts_for(user).order_by().values("pk"))


def _drafts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Draft.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}


def _texts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = DraftText.objects.filter(uuid__in=uuids).select_related("draft").only("uuid", "language", "draft")
    return {row.uuid: SubjectDescription(row.draft.title, row.get_absolute_url()) for row in rows}


def _versions(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Version.objects.filter(uuid__in=uuids).select_related("text__draft").defer("canonical")
    return {row.uuid: SubjectDescription(row.text.draft.title, row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {
    "draft": NotificationSubject(drafts_for, _drafts, address_of("draft")),
    "text": NotificationSubject(_texts_for, _texts),
    "version": NotificationSubject(versions_for, _versions, address_of("version")),
}
