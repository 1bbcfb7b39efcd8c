"""Signals that update the search: pages and events that are published, changed, or withdrawn."""

import datetime
from typing import Any

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from coalition.jobs import scheduler
from events.core import audit as core_audit
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
    """Connect the signals (from `AppConfig.ready()`). Wagtail sends them inside the publishing
    transaction.

    A nightly job updates the whole index: a release may have changed the rules of words.
    """
    core_audit.on_change(index_event)
    post_delete.connect(_unindex_deleted_event, sender=Event)
    for model in SEARCHED_PAGES:
        page_published.connect(_index_published, sender=model)
        page_unpublished.connect(_index_published, sender=model)  # its public content is read anew
        post_delete.connect(_unindex_deleted_page, sender=model)
    scheduler.register_recurring("home.search", reindex_all, every=datetime.timedelta(days=1))


def _index_published(instance: Page, **_more: Any) -> None:
    index_page(instance)


def _unindex_deleted_page(instance: Page, **_more: Any) -> None:
    unindex_page(instance)


def _unindex_deleted_event(instance: Event, **_more: Any) -> None:
    unindex_event(instance)
