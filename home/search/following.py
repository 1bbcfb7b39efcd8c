"""What the search follows: pages and events that become public, change, or are taken back."""

import datetime
from typing import Any

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from coalition.jobs import scheduler
from events.core import audit
from events.models import Event
from home.search.keep import (
    SEARCHED_PAGES,
    forget_event,
    forget_page,
    keep_all,
    keep_event,
    keep_page,
)


def register() -> None:
    """From `AppConfig.ready()`. Wagtail tells inside the publishing transaction.

    Every night all is looked at again: a release may have brought other rules of words.
    """
    audit.on_change(keep_event)
    post_delete.connect(_event_gone, sender=Event)
    for model in SEARCHED_PAGES:
        page_published.connect(_published, sender=model)
        page_unpublished.connect(_published, sender=model)  # what of it is public is asked anew
        post_delete.connect(_gone, sender=model)
    scheduler.recur("home.search", keep_all, every=datetime.timedelta(days=1))


def _published(instance: Page, **_more: Any) -> None:
    keep_page(instance)


def _gone(instance: Page, **_more: Any) -> None:
    forget_page(instance)


def _event_gone(instance: Event, **_more: Any) -> None:
    forget_event(instance)
