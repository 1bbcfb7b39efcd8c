"""Running orders a person may read: the only place where they come from."""

from uuid import UUID

from coalition.accounts.models import User
from documents.drafts.queries import reading_seats
from events.core.queries import seated_events_for
from events.production.running_order.models import RunningItem, RunningOrder


def running_order_for(user: object, event: UUID) -> RunningOrder | None:
    """The running order of an event in a workspace where the person may see drafts: notes and names of who
    comes are for those who prepare it, also when the event itself is told to everyone."""
    if not isinstance(user, User):
        return None
    rows = seated_events_for(user).filter(uuid=event, workspace__in=reading_seats(user).values("workspace"))
    found = RunningOrder.objects.filter(event__in=rows.order_by().values("pk"))
    return found.select_related("event", "event__workspace", "event__organisation").first()


def items_of(order: RunningOrder) -> list[RunningItem]:
    """The items that stand, in their order: one query."""
    return list(RunningItem.objects.filter(order=order, removed_at=None))
