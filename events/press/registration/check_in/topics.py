"""The live topic of the door, `door:<uuid of the event>`: somebody came, or the door knows somebody anew."""

from uuid import UUID

from django.http import Http404

from coalition import live_push
from coalition.accounts.models import User
from coalition.workspaces.permissions import access_to
from events.core.permissions import may_change
from events.core.queries import seated_events_for
from events.press.registration.models import PressRegistration

KIND = "door"


def topic_of(event: UUID) -> str:
    return f"{KIND}:{event}"


def push(event: UUID, number: int) -> None:
    """Tell open pages, after the commit."""
    live_push.push_topic(topic=topic_of(event), last_id=number)


def may_hear(user_id: int, identity: str) -> bool:
    """Whether the person stands at the door: who may change the event."""
    return _registration(user_id, identity) is not None


def last_id(user_id: int, identity: str) -> int:
    found = _registration(user_id, identity)
    return found.door_number if found is not None else 0


def _registration(user_id: int, identity: str) -> PressRegistration | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        events = seated_events_for(user).filter(uuid=UUID(identity))
    except ValueError:
        return None
    rows = PressRegistration.objects.select_related("event__workspace")
    found = rows.filter(event__in=events.order_by().values("pk")).first()
    return found if found is not None and _may(user, found) else None


def _may(user: User | None, registration: PressRegistration) -> bool:
    try:
        access = access_to(user, registration.event.workspace.uuid)
    except Http404:
        return False
    return may_change(access, registration.event)
