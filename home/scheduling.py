"""Scheduled publishing by the project's clock instead of the host's.

Wagtail uses the host's clock: if it is ahead, scheduled news would go public too early. Its views
call the publishing action themselves, so the clock must be replaced in its modules.

That includes the views that report a page's state, and the menu with its button's label, or they
would call a waiting page published. They also record the time of editing, so its readers use the
same clock.
"""

import datetime
from types import ModuleType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.actions import publish_revision
from wagtail.admin import action_menu, models
from wagtail.admin.forms import models as forms
from wagtail.admin.views import editing_sessions
from wagtail.admin.views.generic import mixins
from wagtail.admin.views.pages import create, edit
from wagtail.models import Page, Revision

from coalition.core.clock import now
from coalition.jobs import scheduler
from home.models import NewsPage

_PATCHED_MODULES = (publish_revision, forms, create, edit, mixins, action_menu, models, editing_sessions)


class _TimezoneWithDatabaseClock:
    """`django.utils.timezone` with another `now`."""

    now = staticmethod(now)

    def __getattr__(self, name: str) -> Any:
        return getattr(timezone, name)


def register_wagtail_clock(asking: tuple[ModuleType, ...] = _PATCHED_MODULES) -> None:
    """Replace `now` where Wagtail publishes, where its forms validate times, and where its pages
    report them (from `ready()`). Raises ImproperlyConfigured if a Wagtail release uses the clock in
    another way."""
    decides = _TimezoneWithDatabaseClock()
    for module in asking:
        if not isinstance(vars(module).get("timezone"), ModuleType | _TimezoneWithDatabaseClock):
            raise ImproperlyConfigured(f"{module.__name__} does not ask `timezone.now()`: whom does it ask?")
    for module in asking:
        vars(module)["timezone"] = decides


# --- timers ---
# Scheduled go-live and expiry of the newsroom's own pages, by the project's clock. Wagtail stores the
# times (of a revision to go live, of a page to expire); its command uses the host's clock and checks
# every page. Here a worker uses the project's clock, and never touches a page of a publication: those are
# published by their workspace only.


GO_LIVE_WORK = "home.go_live"
END_WORK = "home.end"
CATCH_UP = datetime.timedelta(minutes=10)  # for times written to the database in another way


def plan_go_live(revision: Revision) -> None:
    """Schedule this revision's go-live; a new time for the page replaces the old one."""
    if revision.approved_go_live_at is not None:
        scheduler.schedule(kind=GO_LIVE_WORK, key=revision.object_id, due_at=revision.approved_go_live_at)


def plan_end(page: Page) -> None:
    """Schedule this live page's expiry; without a time, cancel the schedule. Pages of
    publications have none."""
    if isinstance(page, NewsPage) and page.publication_id is not None:
        return
    if page.live and page.expire_at is not None:
        scheduler.schedule(kind=END_WORK, key=str(page.pk), due_at=page.expire_at)
    else:
        scheduler.cancel(kind=END_WORK, key=str(page.pk))


def run_timers_due(_key: str, _payload: dict[str, Any]) -> None:
    """Run a scheduled job. Cancelled schedules are no longer due."""
    run_timers()


def run_timers() -> None:
    """Publish and unpublish everything due, except publications. Each page in its own transaction.

    Raises the first error after all pages were processed, so that a failure does not block others.
    """
    moment = now()
    ending = _own_pages().filter(live=True, expire_at__lte=moment).values_list("pk", flat=True)
    waiting = Revision.page_revisions.filter(approved_go_live_at__lte=moment).order_by("approved_go_live_at")
    errors = []
    for change, keys in ((_unpublish_due, ending), (_publish_due, waiting.values_list("pk", flat=True))):
        for pk in keys:
            try:
                change(pk, moment)
            except Exception as error:  # noqa: BLE001  whatever it is, it is raised below
                errors.append(error)
    if errors:
        raise errors[0]


def _own_pages() -> Any:
    held = NewsPage.objects.filter(publication__isnull=False).values("pk")
    return Page.objects.exclude(pk__in=held)


@transaction.atomic
def _unpublish_due(pk: int, moment: datetime.datetime) -> None:
    page = _lock_row(_own_pages().filter(pk=pk, live=True, expire_at__lte=moment))
    if page is not None:
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


@transaction.atomic
def _publish_due(pk: int, moment: datetime.datetime) -> None:
    revision = _lock_row(Revision.page_revisions.filter(pk=pk, approved_go_live_at__lte=moment))
    if revision is None or not _own_pages().filter(pk=revision.object_id).exists():
        return
    # Wagtail would compare the revision's time with the host's clock, and might postpone it.
    revision.content = {**_revision_content(revision), "go_live_at": None}
    revision.save(update_fields=["content"])
    revision.publish(log_action="wagtail.publish.scheduled")


def _revision_content(revision: Revision) -> dict[str, Any]:
    """Return the content of a revision; news published for the first time gets the current date."""
    content: dict[str, Any] = dict(revision.content)
    written = parse_datetime(content.get("published_on") or "")
    came = revision.approved_go_live_at
    if written and came and written < came and not content.get("first_published_at"):
        content["published_on"] = came.isoformat()
    return content


def _lock_row(rows: Any) -> Any:
    """Return the row locked; None if another worker has locked it."""
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(of=("self",), skip_locked=skip).first()
