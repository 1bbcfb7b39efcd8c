"""What follows when news becomes public, whoever made it so: its shared picture, mail to its readers, timers.

Wagtail tells inside the publishing transaction. So only rows are written here, with the publication or not
at all; workers do the rest.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from coalition.core.clock import now
from coalition.jobs import scheduler
from home import retention
from home.actions.news_mail import SEND_NEWS_WORK, drop_news_mail, send_news_due
from home.models import NewsPage
from home.scheduling import (
    CATCH_UP,
    END_WORK,
    GO_LIVE_WORK,
    plan_end,
    plan_go_live,
    run_timers,
    run_timers_due,
)
from home.share.card import DRAW_CARD_WORK, delete_card_file, draw_card_due, drop_card


def register_page_signals() -> None:
    """Follow Wagtail's signals and do what is due (from `AppConfig.ready()`)."""
    page_published.connect(_follow_published, sender=NewsPage)
    page_unpublished.connect(_follow_unpublished, sender=NewsPage)
    post_delete.connect(_follow_deleted, sender=NewsPage)
    scheduler.register_handler(DRAW_CARD_WORK, draw_card_due)
    scheduler.register_handler(SEND_NEWS_WORK, send_news_due)
    post_save.connect(_plan_revision, sender=Revision)
    page_published.connect(_plan_page_end)
    scheduler.register_handler(GO_LIVE_WORK, run_timers_due)
    scheduler.register_handler(END_WORK, run_timers_due)
    scheduler.register_recurring("home.timers", run_timers, every=CATCH_UP)
    retention.register_site_retention()


def _plan_revision(instance: Revision, **_more: Any) -> None:
    """Wagtail tells nobody that a page was given a moment, but that it kept the revision."""
    plan_go_live(instance)


def _plan_page_end(instance: Page, **_more: Any) -> None:
    plan_end(instance)


def _follow_published(instance: NewsPage, **_more: Any) -> None:
    if not instance.live:  # given a moment to come: Wagtail tells that as publishing too
        return
    kinds = [DRAW_CARD_WORK]
    if instance.first_published_at == instance.last_published_at:  # a correction is told on the page
        kinds.append(SEND_NEWS_WORK)
    scheduler.schedule_all({(kind, str(instance.pk)): now() for kind in kinds})


def _follow_unpublished(instance: NewsPage, **_more: Any) -> None:
    drop_card(instance.pk)
    drop_news_mail(instance)


def _follow_deleted(instance: NewsPage, **_more: Any) -> None:
    delete_card_file(instance)
    drop_news_mail(instance)
