"""Publications as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from coalition.accounts.models import User
from coalition.workspaces.notifications.subjects import NotificationSubject, SubjectDescription
from documents.capability import address_of
from documents.publication.models import Publication
from documents.publication.queries import public_publications, publications_for_sheets


def _publications_for(_user: User) -> QuerySet[Publication]:
    """They are public, or were."""
    return public_publications()


def _publications(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    return {
        row.uuid: SubjectDescription(row.title, reverse("documents:publication", args=[row.uuid]))
        for row in publications_for_sheets().filter(uuid__in=uuids)
    }


SUBJECTS: Mapping[str, NotificationSubject] = {
    "publication": NotificationSubject(_publications_for, _publications, address_of("publication"))
}
