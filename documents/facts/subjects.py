"""Facts as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import get_language

from coalition.workspaces.notifications.subjects import NotificationSubject, SubjectDescription
from documents.facts.content import title_of
from documents.facts.models import Fact
from documents.facts.queries import SUBJECT, facts_for, with_words


def _facts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    language = get_language() or "kk"
    rows = with_words(Fact.objects.filter(uuid__in=uuids))
    return {row.uuid: SubjectDescription(title_of(row, language), row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {SUBJECT: NotificationSubject(facts_for, _facts)}
