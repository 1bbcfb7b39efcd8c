"""Questions to organisations as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from coalition.workspaces.notifications.subjects import NotificationSubject, SubjectDescription
from documents.resolutions.models import Question
from documents.resolutions.queries import readable_questions


def _questions(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Question.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {
    "question": NotificationSubject(readable_questions, _questions)
}
