"""What facts bring to the layers below: words, the desk, due work. Called once from `ready()`."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from coalition.audit.labels import register_actions
from coalition.jobs import scheduler
from coalition.workspaces.dashboard import WaitingItem, waiting_sources
from coalition.workspaces.dashboard_prefilter import counted_source
from coalition.workspaces.notifications.kinds import NotificationKind, register_kinds
from coalition.workspaces.notifications.subjects import SubjectDescription, register_subject
from documents.facts import actions
from documents.facts.content import title_of
from documents.facts.models import Fact
from documents.facts.notifications import remind_of_checks
from documents.facts.queries import SUBJECT, facts_for, facts_to_check, with_words

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


def register() -> None:
    """Everything about facts."""
    actions.register()
    register_actions(ACTIONS)
    register_kinds(KINDS)
    register_subject(SUBJECT, visible=facts_for, describe=_facts)
    waiting_sources.append(to_check)
    scheduler.register_recurring(
        "documents.facts_to_check", remind_of_checks, every=datetime.timedelta(hours=6)
    )


def _facts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    language = get_language() or "kk"
    rows = with_words(Fact.objects.filter(uuid__in=uuids))
    return {row.uuid: SubjectDescription(title_of(row, language), row.get_absolute_url()) for row in rows}


@counted_source(facts_to_check)
def to_check(count: int) -> Iterable[WaitingItem]:
    """One row, however many facts wait for a check that the person may make."""
    yield WaitingItem(
        icon="fact",
        title=_now("Facts to check: %(count)s") % {"count": count},
        detail=_now("Does the source still say so? Is the year right?"),
        url=f"{reverse('documents:facts')}?due=1",
        action=_now("Look at them"),
    )
