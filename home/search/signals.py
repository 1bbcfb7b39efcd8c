"""What the search follows: pages and events that become public, change, or are taken back."""

import datetime
from typing import Any

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from coalition.jobs import scheduler
from events.core import audit
from events.models import Event
from home.search.index import (
    SEARCHED_PAGES,
    index_event,
    index_page,
    reindex_all,
    unindex_event,
    unindex_page,
)


def register_search_signals() -> None:
    """From `AppConfig.ready()`. Wagtail tells inside the publishing transaction.

    Every night all is looked at again: a release may have brought other rules of words.
    """
    audit.on_change(index_event)
    post_delete.connect(_unindex_deleted_event, sender=Event)
    for model in SEARCHED_PAGES:
        page_published.connect(_index_published, sender=model)
        page_unpublished.connect(_index_published, sender=model)  # what of it is public is asked anew
        post_delete.connect(_unindex_deleted_page, sender=model)
    scheduler.register_recurring("home.search", reindex_all, every=datetime.timedelta(days=1))


def _index_published(instance: Page, **_more: Any) -> None:
    index_page(instance)


def _unindex_deleted_page(instance: Page, **_more: Any) -> None:
    unindex_page(instance)


def _unindex_deleted_event(instance: Event, **_more: Any) -> None:
    unindex_event(instance)
