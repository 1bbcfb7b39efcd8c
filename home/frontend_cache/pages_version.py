"""Every commit that a public page may show moves a number, and the proxy in front is told.

What the proxy keeps, it keeps under the number; after the number has moved nothing older is found. So a
withdrawn text is gone from every page, list and feed at once, without a list of addresses that somebody would
forget to lengthen. It is watched at the database's door, since rows also change in bulk and by commands:
writes to any table move the number, but for the tables named here, which no public page reads. A table that
nobody thought of costs a page drawn anew, never an old one shown.
"""

import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import F

from home.models import PagesVersion

if TYPE_CHECKING:
    from psycopg.sql import Composable


PROXY_TIMEOUT_SECONDS: Final = 1.0  # seconds for the proxy to hear of it
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
        "campaigns_operatorlink",
        "campaigns_placekey",
        "campaigns_staffinganswer",
        "campaigns_referralday",
        "campaigns_support",
        "campaigns_supportchange",
        "campaigns_supportmailcount",
        "campaigns_supportmaillimit",
        "campaigns_supportsignal",
        "campaigns_supporttotal",
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
_version_listeners: list[Callable[[], None]] = []
_TABLE: Final = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) [\"`]?(\w+)", re.IGNORECASE)
_READS: Final = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "BEGIN", "COMMIT", "SET", "EXPLAIN")
_WRITES: Final = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b")

logger = logging.getLogger(__name__)


def register_write_watcher() -> None:
    """Watch every connection that is opened from now on. Only where a proxy keeps pages."""
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
    # Code that writes psycopg's composed statements hands them over as they are.
    words = sql if isinstance(sql, str) else sql.as_string(None)
    if not affects_public_pages(words):
        return result
    if not connection.in_atomic_block:
        _background_bumper.move_soon()
    elif not any(function is bump_pages_version for _ids, function, *_ in connection.run_on_commit):
        transaction.on_commit(bump_pages_version, using=connection.alias, robust=True)
    return result


def affects_public_pages(sql: str) -> bool:
    """Whether a public page may differ after the statement."""
    found = _TABLE.match(sql)
    if found:
        return found[1].lower() not in QUIET_TABLES
    # A statement of another form, or on several tables (TRUNCATE): only what surely reads moves nothing.
    words = sql.lstrip(" (\n").upper()
    if words.startswith("WITH"):
        return bool(_WRITES.search(words))
    return not words.startswith(_READS)


def bump_pages_version() -> None:
    """Move the number, then tell the proxies. After the commit: who asks from now on reads what is new.

    Before the first `migrate` has made the table there is no number, and no page that anybody could keep.
    """
    if not _has_table():
        return
    if not PagesVersion.objects.filter(pk=1).update(number=F("number") + 1):
        PagesVersion.objects.get_or_create(pk=1, defaults={"number": 1})
    for hear in _version_listeners:
        hear()
    for address in settings.PAGES_TOLD:
        _notify_proxy(address)


def _has_table() -> bool:
    """Whether the database has the table of the number; once it was found, nothing is asked any more."""
    if not _table_found.is_set():
        names = connections[DEFAULT_DB_ALIAS].introspection.table_names()
        if PagesVersion._meta.db_table in names:
            _table_found.set()
    return _table_found.is_set()


def add_version_listener(hear: Callable[[], None]) -> None:
    """Call `hear` in this process whenever something of its own moved the number."""
    _version_listeners.append(hear)


def remove_version_listener(hear: Callable[[], None]) -> None:
    """Call it no more."""
    _version_listeners.remove(hear)


def _notify_proxy(address: str) -> None:
    """Let one proxy ask for the number now. Where it cannot be reached, it asks by itself within seconds."""
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
    """Moves the number after a write outside of transactions: its statement may still be going on here, and
    the database lets another connection write only after it."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None
        self._waiting: Future[None] | None = None

    def move_soon(self) -> None:
        """Many writes at once cost one move."""
        if self._waiting is not None and not self._waiting.running() and not self._waiting.done():
            return
        if self._threads is None:
            self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages-version")
        self._waiting = self._threads.submit(_bump_in_thread)

    def wait(self) -> None:
        """Until every write so far has moved the number."""
        if self._waiting is not None:
            self._waiting.result()

    def close(self) -> None:
        """Wait for what goes on."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=True)


def _bump_in_thread() -> None:
    """In the thread: failures are told, since nobody waits for them."""
    try:
        bump_pages_version()
    except DatabaseError as fault:
        logger.warning("the number of public pages did not move: %s", type(fault).__name__)
    finally:
        connections.close_all()


_background_bumper = BackgroundBumper()


def wait_for_bumps() -> None:
    """Wait until every write so far has moved the number: for tests."""
    _background_bumper.wait()


def current_pages_version() -> int:
    """The number now."""
    return PagesVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def stop_watching() -> None:
    """Stop watching: for tests."""
    connection_created.disconnect(dispatch_uid="home.frontend_cache")
    _background_bumper.close()
    for connection in connections.all(initialized_only=True):
        if _note_write in connection.execute_wrappers:
            connection.execute_wrappers.remove(_note_write)
