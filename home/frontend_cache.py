"""Caching of public pages by a proxy, under a version number that every change raises.

The marker is `X-Accel-Expires`, which nginx reads and removes; `Cache-Control` makes browsers and other
caches revalidate. Views not listed here are never marked. A view whose page shows numbers that grow by the
minute sets its own lifetime (`coalition.http.responses`).

The number is part of the proxy's cache key, so nothing older is found after it changed. A withdrawn text is
gone from every page, list and feed at once, without a list of addresses to maintain. Writes are detected on
the database connection, since rows also change in bulk and by commands: writes to any table count, except for
the tables named here, which no public page reads. A table missing from that list costs a cache miss, never a
stale page.

Effects of publishing news, scheduled publishing, targets of referral codes.

Wagtail uses the host's clock: if it is ahead, scheduled news would go public too early. Its views call the
publishing action themselves, so the clock must be replaced in its modules.

That includes the views that report a page's state, and the menu with its button's label, or they would call a
waiting page published. They also record the time of editing, so its readers use the same clock.

Wagtail's signals fire inside the publishing transaction. So only rows are written here, committed with the
publication or not at all; workers do the rest.

Neither page learns the referral code: openings are counted at the code itself.
"""

import datetime
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import F
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.dateparse import parse_datetime
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext, gettext_lazy as _, override
from wagtail.actions import publish_revision
from wagtail.admin import action_menu, models
from wagtail.admin.forms import models as forms
from wagtail.admin.views import editing_sessions
from wagtail.admin.views.generic import mixins
from wagtail.admin.views.pages import create, edit
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from coalition.campaigns.referrals.targets import CAMPAIGN_PAGE, HELP_PAGE, ActionKind, register_action
from coalition.consent.site import without_hidden
from coalition.core.clock import now
from coalition.http.responses import get_proxy_max_age
from coalition.jobs import scheduler
from coalition.workspaces.models import Workspace
from home import retention
from home.models import CampaignPage, NewsPage, PagesVersion
from home.news_mail import SEND_NEWS_WORK, drop_news_mail, send_news_due
from home.share.card import DRAW_CARD_WORK, delete_card_file, draw_card_due, drop_card

if TYPE_CHECKING:
    from psycopg.sql import Composable

EXPIRES_HEADER: Final = "X-Accel-Expires"

CACHED_URL_NAMES: Final = frozenset(
    {
        "calendar_event",
        "calendar_feed",
        "calendar_kind",
        "calendar_organisation",
        "documents_public:sheet",
        "documents_public:sheet_json",
        "documents_public:sheets",
        "code_story_picture",
        "counters_json",
        "first_page",
        "news_article",
        "news_atom",
        "news_index",
        "news_json",
        "news_rss",
        "public_asks",
        "public_event",
        "public_events",
        "public_events_agenda",
        "public_events_map",
        "public_events_month",
        "public_fact",
        "public_facts",
        "public_organisation",
        "public_work",
        "public_works",
        "share_picture",
        "story_picture",
        "support_appeal",
        "support_appeal_from",
        "support_names",
        "support_sent",
        "support_sent_from",
        "topic_atom",
        "topic_json",
        "topic_rss",
        "wagtail_serve",
        "write_letter",
        "write_letter_from",
        "write_letter_sent",
        "write_letter_sent_from",
    }
)


class MarkPagesMiddleware(MiddlewareMixin):
    """Marks cacheable responses. Placed outside the session and CSRF middleware, to see whether
    they set cookies."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_cacheable(request, response):
            return response
        kept = get_proxy_max_age(response)
        response[EXPIRES_HEADER] = str(
            settings.PAGES_KEPT if kept is None else min(kept, settings.PAGES_KEPT)
        )
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, no_cache=True)
        if not response.has_header("ETag"):
            response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        return answer if isinstance(answer, HttpResponse) else response


def is_cacheable(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether every visitor without a session would get exactly this response."""
    match = request.resolver_match
    if match is None or match.view_name not in CACHED_URL_NAMES or getattr(request, "is_preview", False):
        return False
    if request.method not in {"GET", "HEAD"} or response.status_code != 200 or response.streaming:
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies or "HX-Request" in request.headers:
        return False
    caching = response.get("Cache-Control", "")
    return "private" not in caching and "no-store" not in caching


PROXY_TIMEOUT_SECONDS: Final = 1.0  # seconds for notifying the proxy

QUIET_TABLES: Final = frozenset(
    {
        "account_emailaddress",
        "account_emailconfirmation",
        "audit_auditentry",
        "campaigns_contactconsent",
        "campaigns_countofday",
        "campaigns_helplineuse",
        "campaigns_helpmonth",
        "campaigns_hold",
        "campaigns_holddecision",
        "campaigns_letterday",
        "campaigns_operatorlink",
        "campaigns_placekey",
        "campaigns_staffinganswer",
        "campaigns_referralday",
        "campaigns_screeningrequest",
        "campaigns_support",
        "campaigns_supportchange",
        "campaigns_supportmailcount",
        "campaigns_supportmaillimit",
        "campaigns_supportsignal",
        "campaigns_supporttotal",
        "campaigns_table",
        "campaigns_tablecode",
        "campaigns_tabledevice",
        "clock_duework",
        "django_migrations",
        "django_session",
        "django_tasks_database_dbtaskresult",
        "documents_comment",
        "documents_embargouse",
        "documents_exportedfile",
        "documents_guestuse",
        "documents_historypart",
        "documents_historypoint",
        "documents_incomingfile",
        "documents_mention",
        "documents_onetimeuse",
        "documents_publicationcheck",
        "documents_reading",
        "documents_thread",
        "events_presstick",
        "events_shiftlinkuse",
        "home_pagesversion",
        "home_searchitem",
        "home_searchword",
        "outbox_outboxmail",
        "realtime_livekick",
        "realtime_livetext",
        "realtime_liveupdate",
        "usersessions_usersession",
        "wagtailadmin_editingsession",
        "wagtailadmin_formstate",
        "wagtailsearch_indexentry",
        "wagtailsearch_indexentry_fts",
        "workspaces_activity",
        "workspaces_mutedworkspace",
        "workspaces_notification",
        "workspaces_presence",
        "workspaces_pushsubscription",
    }
)

_table_found = threading.Event()


# Called in this process whenever a change of its own raised the number.
version_listeners: list[Callable[[], None]] = []
_TABLE: Final = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) [\"`]?(\w+)", re.IGNORECASE)
_READS: Final = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "BEGIN", "COMMIT", "SET", "EXPLAIN")
_WRITES: Final = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b")
logger = logging.getLogger(__name__)


def register_write_watcher() -> None:
    """Watch every connection opened from now on. Only if a proxy caches pages."""
    if settings.PAGES_KEPT:
        connection_created.connect(_watch_connection, dispatch_uid="home.frontend_cache")


def _watch_connection(connection: BaseDatabaseWrapper, **_given: Any) -> None:
    if _note_write not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note_write)


def _note_write(
    execute: Callable[..., Any],
    sql: "str | Composable",
    params: Any,
    many: bool,
    context: dict[str, Any],
) -> Any:
    result = execute(sql, params, many, context)
    connection: BaseDatabaseWrapper = context["connection"]
    # psycopg's composed statements are passed as objects.
    words = sql if isinstance(sql, str) else sql.as_string(None)
    if not affects_public_pages(words):
        return result
    if not connection.in_atomic_block:
        _background_bumper.move_soon()
    elif not any(function is bump_pages_version for _ids, function, *_ in connection.run_on_commit):
        transaction.on_commit(bump_pages_version, using=connection.alias, robust=True)
    return result


def affects_public_pages(sql: str) -> bool:
    """Whether the statement may change a public page."""
    found = _TABLE.match(sql)
    if found:
        return found[1].lower() not in QUIET_TABLES
    # Other statements, or on several tables (TRUNCATE): only those that surely read are ignored.
    words = sql.lstrip(" (\n").upper()
    if words.startswith("WITH"):
        return bool(_WRITES.search(words))
    return not words.startswith(_READS)


def bump_pages_version() -> None:
    """Increment the number after the commit, then notify the proxies.

    Before the first `migrate` has created the table there is no number, and no cached page.
    """
    if not _has_table():
        return
    if not PagesVersion.objects.filter(pk=1).update(number=F("number") + 1):
        PagesVersion.objects.get_or_create(pk=1, defaults={"number": 1})
    for listener in version_listeners:
        listener()
    for address in settings.PAGES_TOLD:
        _notify_proxy(address)


def _has_table() -> bool:
    """Whether the table of the number exists; a positive result is cached."""
    if not _table_found.is_set():
        names = connections[DEFAULT_DB_ALIAS].introspection.table_names()
        if PagesVersion._meta.db_table in names:
            _table_found.set()
    return _table_found.is_set()


def _notify_proxy(address: str) -> None:
    """Make one proxy read the number now. If it is unreachable, it polls within seconds."""
    where = urlsplit(address)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=PROXY_TIMEOUT_SECONDS)
    try:
        connection.request("GET", where.path)
        connection.getresponse().read()
    except (OSError, HTTPException) as fault:
        logger.warning("the proxy was not told that pages changed: %s", type(fault).__name__)
    finally:
        connection.close()


class BackgroundBumper:
    """Increments the number in a thread after a write in autocommit: its statement may still be
    running here, and SQLite lets another connection write only after it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages-version")
        self._waiting: Future[None] | None = None

    def move_soon(self) -> None:
        """Schedule an increment; many writes at once share one."""
        if self._waiting is None or self._waiting.running() or self._waiting.done():
            self._waiting = self._thread.submit(_bump_in_thread)

    def wait(self) -> None:
        """Wait until the number reflects every write so far."""
        if self._waiting is not None:
            self._waiting.result()


def _bump_in_thread() -> None:
    """Increment in the thread; failures are logged, since nobody waits for them."""
    try:
        bump_pages_version()
    except DatabaseError as fault:
        logger.warning("the number of public pages did not move: %s", type(fault).__name__)
    finally:
        connections.close_all()


_background_bumper = BackgroundBumper()


def wait_for_bumps() -> None:
    """Wait until the number reflects every write so far: for tests."""
    _background_bumper.wait()


def current_pages_version() -> int:
    """Return the current number."""
    return PagesVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def stop_watching() -> None:
    """Stop watching: for tests."""
    connection_created.disconnect(dispatch_uid="home.frontend_cache")
    _background_bumper.wait()
    for one in connections.all(initialized_only=True):
        if _note_write in one.execute_wrappers:
            one.execute_wrappers.remove(_note_write)


_PATCHED_MODULES = (publish_revision, forms, create, edit, mixins, action_menu, models, editing_sessions)


class _TimezoneWithDatabaseClock:
    """`django.utils.timezone` with another `now`."""

    now = staticmethod(now)

    def __getattr__(self, name: str) -> Any:
        return getattr(timezone, name)


def register_wagtail_clock(asking: tuple[ModuleType, ...] = _PATCHED_MODULES) -> None:
    """Replace `now` where Wagtail publishes, where its forms validate times, and where its pages report them
    (from `ready()`). Raises ImproperlyConfigured if a Wagtail release uses the clock in another way."""
    decides = _TimezoneWithDatabaseClock()
    for module in asking:
        if not isinstance(vars(module).get("timezone"), ModuleType | _TimezoneWithDatabaseClock):
            raise ImproperlyConfigured(f"{module.__name__} does not ask `timezone.now()`: whom does it ask?")
    for module in asking:
        vars(module)["timezone"] = decides


# Scheduled go-live and expiry of the newsroom's own pages, by the project's clock. Wagtail stores the
# times (of a revision to go live, of a page to expire); its command uses the host's clock and checks
# every page. Here a worker uses the project's clock, and never touches a page of a publication: those are
# published by their workspace only.
GO_LIVE_WORK = "home.go_live"
END_WORK = "home.end"
CATCH_UP = datetime.timedelta(minutes=10)  # for times written to the database in another way


def plan_go_live(instance: Revision, **_more: Any) -> None:
    """Schedule a saved revision's go-live, for which Wagtail has no signal of its own; a new time for the
    page replaces the old one."""
    if instance.approved_go_live_at is not None:
        scheduler.schedule(kind=GO_LIVE_WORK, key=instance.object_id, due_at=instance.approved_go_live_at)


def plan_end(instance: Page, **_more: Any) -> None:
    """Schedule a published page's expiry; without a time, cancel the schedule. Pages of publications
    have none."""
    if isinstance(instance, NewsPage) and instance.publication_id is not None:
        return
    if instance.live and instance.expire_at is not None:
        scheduler.schedule(kind=END_WORK, key=str(instance.pk), due_at=instance.expire_at)
    else:
        scheduler.cancel(kind=END_WORK, key=str(instance.pk))


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


def register_page_signals() -> None:
    """Connect Wagtail's signals and register the jobs (from `AppConfig.ready()`)."""
    page_published.connect(_follow_published, sender=NewsPage)
    page_unpublished.connect(_follow_unpublished, sender=NewsPage)
    post_delete.connect(_follow_deleted, sender=NewsPage)
    scheduler.register_handler(DRAW_CARD_WORK, draw_card_due)
    scheduler.register_handler(SEND_NEWS_WORK, send_news_due)
    post_save.connect(plan_go_live, sender=Revision)
    page_published.connect(plan_end)
    scheduler.register_handler(GO_LIVE_WORK, run_timers_due)
    scheduler.register_handler(END_WORK, run_timers_due)
    scheduler.register_recurring("home.timers", run_timers, every=CATCH_UP)
    retention.register_site_retention()


def _follow_published(instance: NewsPage, **_more: Any) -> None:
    if not instance.live:  # scheduled only: Wagtail sends the signal of publishing for that too
        return
    kinds = [DRAW_CARD_WORK]
    if instance.first_published_at == instance.last_published_at:  # corrections are shown on the page
        kinds.append(SEND_NEWS_WORK)
    scheduler.schedule_all({(kind, str(instance.pk)): now() for kind in kinds})


def _follow_unpublished(instance: NewsPage, **_more: Any) -> None:
    drop_card(instance.pk)
    drop_news_mail(instance)


def _follow_deleted(instance: NewsPage, **_more: Any) -> None:
    delete_card_file(instance)
    drop_news_mail(instance)


HELP: UUID = UUID("0190c0de-0000-7000-8000-0000000048e1")  # there is only one page of help


def register_referral_targets() -> None:
    """Register both kinds. Call once, from `AppConfig.ready()`."""
    help_page = ActionKind(
        _("Page of help"),
        _help_title,
        _help_address,
        lambda _target, _language: "",
        lambda _workspace: [HELP],
    )
    register_action(HELP_PAGE, help_page)
    campaign_page = ActionKind(
        _("Page of a campaign"),
        lambda target, language: _page_titles([target], language).get(target, ""),
        _page_address,
        lambda _target, language: f"/{language}/",
        _live_pages,
        titles=_page_titles,
    )
    register_action(CAMPAIGN_PAGE, campaign_page)


def _help_title(_target: UUID, language: str) -> str:
    with override(language):
        return gettext("Help: whom to call or write to")


def _help_address(_target: UUID, language: str, _code: str) -> str:
    with override(language):
        return reverse("help")


def _pages(targets: Collection[UUID], language: str) -> dict[UUID, CampaignPage]:
    """Return the pages in the language, or else in a language in which each is live. One query."""
    live = without_hidden(CampaignPage.objects.live()).filter(translation_key__in=targets)
    live = live.select_related("locale")
    found: dict[UUID, CampaignPage] = {}
    for page in live.order_by("pk"):
        if page.translation_key not in found or page.locale.language_code == language:
            found[page.translation_key] = page
    return found


def _page_titles(targets: Collection[UUID], language: str) -> dict[UUID, str]:
    return {key: page.title for key, page in _pages(targets, language).items()}


def _page_address(target: UUID, language: str, _code: str) -> str:
    page = _pages([target], language).get(target)
    return page.get_url() if page is not None else ""


def _live_pages(_workspace: Workspace) -> Sequence[UUID]:
    keys = (
        CampaignPage.objects.live().order_by("-first_published_at").values_list("translation_key", flat=True)
    )
    return list(dict.fromkeys(keys))
