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
from home.domain.news_mail import SEND, send_planned, withhold_mail
from home.models import NewsPage
from home.share.keeping import DRAW, draw_planned, drop_card, forget_card
from home.timers import CATCH_UP, END, GO_LIVE, plan_end, plan_go_live, run_planned, run_timers


def register() -> None:
    """Follow Wagtail's signals and do what is due (from `AppConfig.ready()`)."""
    page_published.connect(_published, sender=NewsPage)
    page_unpublished.connect(_unpublished, sender=NewsPage)
    post_delete.connect(_deleted, sender=NewsPage)
    scheduler.register(DRAW, draw_planned)
    scheduler.register(SEND, send_planned)
    post_save.connect(_revised, sender=Revision)
    page_published.connect(_timed)
    scheduler.register(GO_LIVE, run_planned)
    scheduler.register(END, run_planned)
    scheduler.recur("home.timers", run_timers, every=CATCH_UP)
    retention.register()


def _revised(instance: Revision, **_more: Any) -> None:
    """Wagtail tells nobody that a page was given a moment, but that it kept the revision."""
    plan_go_live(instance)


def _timed(instance: Page, **_more: Any) -> None:
    plan_end(instance)


def _published(instance: NewsPage, **_more: Any) -> None:
    if not instance.live:  # given a moment to come: Wagtail tells that as publishing too
        return
    kinds = [DRAW]
    if instance.first_published_at == instance.last_published_at:  # a correction is told on the page
        kinds.append(SEND)
    scheduler.schedule_all({(kind, str(instance.pk)): now() for kind in kinds})


def _unpublished(instance: NewsPage, **_more: Any) -> None:
    drop_card(instance.pk)
    withhold_mail(instance)


def _deleted(instance: NewsPage, **_more: Any) -> None:
    forget_card(instance)
    withhold_mail(instance)
