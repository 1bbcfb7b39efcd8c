"""The live topic of an event's questions, `questions:<uuid of the event>`: something among them is another
now."""

from uuid import UUID

from django.http import Http404

from coalition import live_push
from coalition.accounts.models import User
from coalition.workspaces.permissions import access_to
from events.core.permissions import may_change
from events.core.queries import seated_events_for
from events.questions.models import QuestionPeriod

KIND = "questions"


def topic_of(period: QuestionPeriod) -> str:
    return f"{KIND}:{period.event.uuid}"


def push(period: QuestionPeriod) -> None:
    """Tell open pages, after the commit."""
    live_push.push_topic(topic=topic_of(period), last_id=period.revision)


def may_hear(user_id: int, identity: str) -> bool:
    """Whether the person moderates these questions now."""
    return _period(user_id, identity) is not None


def last_id(user_id: int, identity: str) -> int:
    """The revision that the person may know of."""
    period = _period(user_id, identity)
    return period.revision if period is not None else 0


def _period(user_id: int, identity: str) -> QuestionPeriod | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    event = seated_events_for(user).filter(uuid=uuid).select_related("workspace").first()
    if user is None or event is None:
        return None
    try:
        access = access_to(user, event.workspace.uuid)
    except Http404:
        return None
    return QuestionPeriod.objects.filter(event=event).first() if may_change(access, event) else None
