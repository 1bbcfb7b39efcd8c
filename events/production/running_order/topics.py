"""The live topic of a running order, `running:<uuid of the event>`: something in it is another now."""

from uuid import UUID

from coalition import live_push
from coalition.accounts.models import User
from events.production.running_order.models import RunningOrder
from events.production.running_order.queries import running_order_for

KIND = "running"


def topic_of(order: RunningOrder) -> str:
    return f"{KIND}:{order.event.uuid}"


def push(order: RunningOrder) -> None:
    """Tell open pages, after the commit."""
    live_push.push_topic(topic=topic_of(order), last_id=order.revision)


def may_hear(user_id: int, identity: str) -> bool:
    """Whether the person reads the running order now."""
    return _order(user_id, identity) is not None


def last_id(user_id: int, identity: str) -> int:
    """The revision that the person may know of."""
    order = _order(user_id, identity)
    return order.revision if order is not None else 0


def _order(user_id: int, identity: str) -> RunningOrder | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    return running_order_for(user, uuid)
