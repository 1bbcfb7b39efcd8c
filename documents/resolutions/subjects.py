"""Questions to organisations as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from coalition.workspaces.notifications.subjects import Described, Subject
from documents.resolutions.models import Question
from documents.resolutions.queries import readable_questions


def _questions(uuids: Collection[UUID]) -> Mapping[UUID, Described]:
    rows = Question.objects.filter(uuid__in=uuids)
    return {row.uuid: Described(row.title, row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, Subject] = {"question": Subject(readable_questions, _questions)}
