"""What running orders bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from events.core.afterwards import ReusedPart
from events.core.capability import EventCapability, LiveTopic
from events.production.running_order import topics
from events.production.running_order.actions import reschedule_running_order, take_over_running_order

RUNNING_ORDER = EventCapability(
    name="running_order",
    urls="events.production.running_order.urls",
    audit_actions={
        "event.running_order_made": _("Running order begun"),
    },
    on_event_change=(reschedule_running_order,),
    live_topics=(
        LiveTopic(topics.KIND, topics.may_subscribe_to_running_order, topics.last_running_order_id),
    ),
    reused_parts={"running": ReusedPart(20, _("Running order, without the names"), take_over_running_order)},
)
