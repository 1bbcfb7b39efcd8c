"""What public pages of events bring to events and to the layers below."""

from typing import Any

from django.db.models.signals import post_save

from coalition.consent.models import ConsentItem
from events.core.capability import EventCapability
from events.core.pictures import withdraw_copies
from events.feeds.cache import refresh_components


def _register_pictures() -> None:
    """Withdraw public copies of a picture when it comes under consent, by whatever kind of item."""
    post_save.connect(_withdraw_copies, sender=ConsentItem, dispatch_uid="events.public.consent")


def _withdraw_copies(instance: ConsentItem, **_given: Any) -> None:
    for event in withdraw_copies(instance):
        refresh_components(event)


PUBLIC_EVENTS = EventCapability(
    name="public_events",
    urls="events.public.urls",
    connect=_register_pictures,
)
