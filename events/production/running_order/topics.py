"""Live topic of a running order, `running:<uuid of the event>`: its content changed."""

from uuid import UUID

from coalition import live_push
from coalition.accounts.models import User
from events.production.running_order.models import RunningOrder
from events.production.running_order.queries import running_order_for

KIND = "running"


def running_order_topic(order: RunningOrder) -> str:
    return f"{KIND}:{order.event.uuid}"


def push_running_order(order: RunningOrder) -> None:
    """Notify open pages after the commit."""
    live_push.push_topic(topic=running_order_topic(order), last_id=order.revision)


def may_subscribe_to_running_order(user_id: int, identity: str) -> bool:
    """Whether the user may subscribe: people who may read the running order now."""
    return _order(user_id, identity) is not None


def last_running_order_id(user_id: int, identity: str) -> int:
    """Return the latest revision that the user may know of."""
    order = _order(user_id, identity)
    return order.revision if order is not None else 0


def _order(user_id: int, identity: str) -> RunningOrder | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    return running_order_for(user, uuid)
