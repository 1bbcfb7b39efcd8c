"""What facts register: messages, the dashboard's source, reminders, and their uses in versions."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy as _

from coalition.workspaces.capability import RecurringWork
from coalition.workspaces.dashboard import WaitingItem, counted_source
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from documents.capability import Capability
from documents.checklist.lines import register_fact_lookup
from documents.facts import actions
from documents.facts.models import Fact, fact_title
from documents.facts.notifications import remind_of_fact_checks
from documents.facts.queries import SUBJECT, facts_for, facts_to_check, prefetch_fact_words, registered_facts
from documents.hooks import Hooks

ACTIONS = {
    "fact.created": _("Fact written down"),
    "fact.changed": _("Fact changed"),
    "fact.checked": _("Fact checked"),
    "fact.retired": _("Fact taken out of use"),
    "fact.brought_back": _("Fact brought back into use"),
    "fact.opened": _("Fact opened to the public"),
    "fact.closed": _("Fact no longer opened to the public"),
}
KINDS: Mapping[str, NotificationKind] = {
    "fact_to_check": NotificationKind(
        sentence=_("%(actor)s wrote “%(title)s”. Somebody else checks it against its source."),
        outline=_("A fact that your organisation keeps has new words. Somebody has to check them."),
        icon="fact",
        asks=True,
    ),
    "fact_check_due": NotificationKind(
        sentence=_("It is time to check “%(title)s” again: does its source still say so?"),
        outline=_("A fact that your organisation keeps is to be checked again."),
        icon="fact",
        asks=True,
    ),
    "fact_older": NotificationKind(
        sentence=_("A fact in “%(title)s” has changed. Its page shows the old words and the new ones."),
        outline=_("A fact in a text that you worked on has changed."),
        icon="fact",
    ),
    "fact_older_put": NotificationKind(
        sentence=_("“%(title)s” is put to approval with older words of a fact: the fact has changed since."),
        outline=_("A text in approval uses older words of a fact."),
        icon="warn",
        asks=True,
    ),
    "fact_older_public": NotificationKind(
        sentence=_("“%(title)s” is public with older words of a fact. If need be, correct the text."),
        outline=_("A public text uses older words of a fact."),
        icon="warn",
        asks=True,
    ),
}


def _describe_facts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    language = get_language() or "kk"
    rows = prefetch_fact_words(Fact.objects.filter(uuid__in=uuids))
    return {row.uuid: SubjectDescription(fact_title(row, language), row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {SUBJECT: NotificationSubject(facts_for, _describe_facts)}


@counted_source(facts_to_check)
def facts_awaiting_check(count: int) -> Iterable[WaitingItem]:
    """Yield one row, however many facts wait for a check that the person may make."""
    yield WaitingItem(
        icon="fact",
        title=gettext("Facts to check: %(count)s") % {"count": count},
        detail=gettext("Does the source still say so? Is the year right?"),
        url=f"{reverse('documents:facts')}?due=1",
        action=gettext("Look at them"),
    )


def _connect() -> None:
    register_fact_lookup(registered_facts)


FACTS = Capability(
    name="facts",
    urls="documents.facts.urls",
    audit_actions=ACTIONS,
    notification_kinds=KINDS,
    subjects=SUBJECTS,
    recurring=(
        RecurringWork("documents.facts_to_check", remind_of_fact_checks, every=datetime.timedelta(hours=6)),
    ),
    waiting=(facts_awaiting_check,),
    hooks=Hooks(text_changed=[actions.record_text_uses], version_named=[actions.record_version_uses]),
    connect=_connect,
)
