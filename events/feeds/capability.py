"""What feeds bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.capability import RecurringWork
from events.core.capability import EventCapability
from events.feeds import cache as feeds_cache

FEEDS = EventCapability(
    name="feeds",
    urls="events.feeds.urls",
    audit_actions={
        "feed.created": _("Own calendar address made"),
        "feed.rotated": _("Own calendar address changed"),
        "feed.revoked": _("Own calendar address ended"),
    },
    recurring=(RecurringWork("events.keep", feeds_cache.keep_all, every=feeds_cache.NIGHTLY),),
    on_event_change=(feeds_cache.keep_components,),
    connect=feeds_cache.register,
)
