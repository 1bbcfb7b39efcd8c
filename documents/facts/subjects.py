"""Facts as what notifications are about."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import get_language

from coalition.workspaces.notifications.subjects import NotificationSubject, SubjectDescription
from documents.facts.content import fact_title
from documents.facts.models import Fact
from documents.facts.queries import SUBJECT, facts_for, prefetch_fact_words


def _describe_facts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    language = get_language() or "kk"
    rows = prefetch_fact_words(Fact.objects.filter(uuid__in=uuids))
    return {row.uuid: SubjectDescription(fact_title(row, language), row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {SUBJECT: NotificationSubject(facts_for, _describe_facts)}
