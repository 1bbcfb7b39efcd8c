"""Whether a page's moment has come is asked of the clock that decides.

Wagtail asks the host's: on a machine whose clock is ahead, news with a moment would be public at once. Its
views start the action of publishing themselves, so there is no other door than the clock it looks at.

The views say afterwards what became of the page, and the menu what its button will do: by the same clock, or
they would call published what waits. They also write who edits; so whoever reads that asks the same clock.
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
    """Let Wagtail ask `now` where it publishes, where its forms look at moments, and where its pages tell of
    them (from `ready()`). Raises ImproperlyConfigured where a Wagtail asks in another way."""
    decides = _TimezoneWithDatabaseClock()
    for module in asking:
        if not isinstance(vars(module).get("timezone"), ModuleType | _TimezoneWithDatabaseClock):
            raise ImproperlyConfigured(f"{module.__name__} does not ask `timezone.now()`: whom does it ask?")
    for module in asking:
        vars(module)["timezone"] = decides


# --- timers ---
# Timers of the newsroom's own pages: they go public and come down at their minute, by the project's clock.
#
# Wagtail keeps the moments (a revision that may go live at a moment, a page that ends at one); its command
# asks the host's clock and every page. Here a worker asks the clock that decides, and never touches a page
# of a publication: those go public by their workspace alone.


GO_LIVE_WORK = "home.go_live"
END_WORK = "home.end"
CATCH_UP = datetime.timedelta(minutes=10)  # for moments that came into the database by another way


def plan_go_live(revision: Revision) -> None:
    """Plan the moment at which this revision may go live; a new moment for the page moves it."""
    if revision.approved_go_live_at is not None:
        scheduler.schedule(kind=GO_LIVE_WORK, key=revision.object_id, due_at=revision.approved_go_live_at)


def plan_end(page: Page) -> None:
    """Plan the moment at which this live page comes down; without one, forget what was planned. A page of a
    publication has none."""
    if isinstance(page, NewsPage) and page.publication_id is not None:
        return
    if page.live and page.expire_at is not None:
        scheduler.schedule(kind=END_WORK, key=str(page.pk), due_at=page.expire_at)
    else:
        scheduler.cancel(kind=END_WORK, key=str(page.pk))


def run_timers_due(_key: str, _payload: dict[str, Any]) -> None:
    """What a worker runs at a planned moment. What was taken back meanwhile is no longer due."""
    run_timers()


def run_timers() -> None:
    """Publish and take down all that is due and no publication's. Each page in its own transaction.

    Raises the first error after all pages had their turn: one that fails keeps no other waiting.
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
    # Wagtail would ask the host's clock whether the moment in the words has come, and may put it off.
    revision.content = {**_revision_content(revision), "go_live_at": None}
    revision.save(update_fields=["content"])
    revision.publish(log_action="wagtail.publish.scheduled")


def _revision_content(revision: Revision) -> dict[str, Any]:
    """The words of a revision; news that was never public bears the date at which it becomes so."""
    content: dict[str, Any] = dict(revision.content)
    written = parse_datetime(content.get("published_on") or "")
    came = revision.approved_go_live_at
    if written and came and written < came and not content.get("first_published_at"):
        content["published_on"] = came.isoformat()
    return content


def _lock_row(rows: Any) -> Any:
    """The row, locked; None if another worker has it."""
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(of=("self",), skip_locked=skip).first()
