"""Pictures of public events that show somebody under consent."""

from typing import Any

from django.db.models.signals import post_save

from coalition.consent.models import ConsentItem
from events.core.pictures import withdraw_copies
from events.feeds.cache import refresh_components


def register_pictures() -> None:
    """Withdraw public copies of a picture when it comes under consent, by whatever kind of item."""
    post_save.connect(_withdraw_copies, sender=ConsentItem, dispatch_uid="events.public.consent")


def _withdraw_copies(instance: ConsentItem, **_given: Any) -> None:
    for event in withdraw_copies(instance):
        refresh_components(event)
