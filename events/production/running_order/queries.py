"""Querysets of running orders that a person may read."""

from uuid import UUID

from coalition.accounts.models import User
from documents.drafts.queries import reading_seats
from events.core.queries import seated_events_for
from events.production.running_order.models import RunningItem, RunningOrder


def running_order_for(user: object, event: UUID) -> RunningOrder | None:
    """Return an event's running order if the user may see drafts in its workspace. Notes and names
    are for members who prepare the event, even if the event itself is public."""
    if not isinstance(user, User):
        return None
    rows = seated_events_for(user).filter(uuid=event, workspace__in=reading_seats(user).values("workspace"))
    found = RunningOrder.objects.filter(event__in=rows.order_by().values("pk"))
    return found.select_related("event", "event__workspace", "event__organisation").first()


def running_items_of(order: RunningOrder) -> list[RunningItem]:
    """Return the active items in order: one query."""
    return list(RunningItem.objects.filter(order=order, removed_at=None))
