"""Files that came in as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from coalition.workspaces.notifications.subjects import NotificationSubject, SubjectDescription
from documents.interchange.models import IncomingFile
from documents.interchange.queries import incoming_for


def _incoming(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    """Files that came back into a text: the text has the title."""
    rows = IncomingFile.objects.filter(uuid__in=uuids).select_related("text__draft").defer("reading")
    return {
        row.uuid: SubjectDescription(row.text.draft.title if row.text else row.title, row.get_absolute_url())
        for row in rows
    }


SUBJECTS: Mapping[str, NotificationSubject] = {"incoming": NotificationSubject(incoming_for, _incoming)}
