"""Live topic of an event's questions, `questions:<uuid of the event>`: a question changed."""

from uuid import UUID

from django.http import Http404

from coalition import live_push
from coalition.accounts.models import User
from coalition.workspaces.permissions import access_to
from events.core.permissions import may_change
from events.core.queries import seated_events_for
from events.questions.models import QuestionPeriod

KIND = "questions"


def questions_topic(period: QuestionPeriod) -> str:
    return f"{KIND}:{period.event.uuid}"


def push_questions(period: QuestionPeriod) -> None:
    """Notify open pages after the commit."""
    live_push.push_topic(topic=questions_topic(period), last_id=period.revision)


def may_subscribe_to_questions(user_id: int, identity: str) -> bool:
    """Whether the user may subscribe: people who moderate these questions now."""
    return _period(user_id, identity) is not None


def last_questions_id(user_id: int, identity: str) -> int:
    """Return the latest revision that the user may know of."""
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
