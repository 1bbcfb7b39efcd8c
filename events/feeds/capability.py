"""What feeds bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.capability import RecurringWork
from events.core.capability import EventCapability
from events.feeds import cache

FEEDS = EventCapability(
    name="feeds",
    urls="events.feeds.urls",
    audit_actions={
        "feed.created": _("Own calendar address made"),
        "feed.rotated": _("Own calendar address changed"),
        "feed.revoked": _("Own calendar address ended"),
    },
    recurring=(RecurringWork("events.keep", cache.refresh_all_components, every=cache.REFRESH_INTERVAL),),
    on_event_change=(cache.refresh_components,),
    connect=cache.register_feed_refresh,
)
