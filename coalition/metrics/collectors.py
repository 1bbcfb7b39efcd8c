"""Gauges read on each Prometheus scrape: queues, databases, disk, sockets and live documents."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, Error, connection, connections
from django.db.models import Count, Min, Q
from django_tasks_db.models import DBTaskResult
from prometheus_client import start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from coalition.campaigns.appeals.counting import differences_found
from coalition.core.clock import clock_skew_seconds, now
from coalition.core.safe_cache import redis_faults
from coalition.jobs.models import DueWork
from coalition.mail.models import OutboxMail
from coalition.metrics.middleware import REGISTRY
from coalition.personal_data.database import ALIAS, has_own_database
from coalition.realtime import sessions
from coalition.realtime.hub import all_hubs
from documents.publication.verification.findings import published_ever
from documents.publication.verification.models import PublicationCheck, TakenOff


class GaugeCollector(Collector):
    """Collector of all gauges. It runs eight short queries."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing, so that registering the collector makes no query."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from queue_metrics()
            up = 1
        except DatabaseError:
            up = 0
        finally:
            connection.close()  # the thread ends with this response
        yield GaugeMetricFamily("coalition_database_up", "Whether the database answers.", value=up)
        yield GaugeMetricFamily(
            "coalition_disk_free_bytes",
            "Room where data lies.",
            value=shutil.disk_usage(Path(settings.MEDIA_ROOT).parent).free,
        )
        if has_own_database():
            yield GaugeMetricFamily(
                "coalition_contacts_up", "Whether the contacts' database answers.", value=_contacts_up()
            )
        if settings.REDIS_URL:
            yield GaugeMetricFamily("coalition_redis_up", "Whether Redis answers.", value=_redis_up())
        sockets = sum(len(some) for some in list(sessions.open_sockets.values()))
        yield GaugeMetricFamily(
            "coalition_open_sockets", "Sockets of people who are signed in, in this process.", value=sockets
        )
        lag = max((one.saved_lag() for one in all_hubs()), default=0.0)
        yield GaugeMetricFamily(
            "coalition_saved_lag_seconds",
            "Seconds from an edit to its row: the last, or of what still waits.",
            value=lag,
        )


def _contacts_up() -> int:
    try:
        connections[ALIAS].ensure_connection()
    except Error:
        return 0
    finally:
        connections[ALIAS].close()
    return 1


def _redis_up() -> int:
    try:
        cache.has_key("metrics")
    except redis_faults():
        return 0
    return 1


def queue_metrics() -> Iterator[GaugeMetricFamily]:
    """Yield the gauges that come from the database, in eight queries."""
    moment = now()
    waiting = Q(state=OutboxMail.State.WAITING)
    late = waiting & Q(next_try_at__lte=moment)
    mail = OutboxMail.objects.filter(state__in=[OutboxMail.State.WAITING, OutboxMail.State.FAILED]).aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=Q(state=OutboxMail.State.FAILED)),
        oldest=Min("next_try_at", filter=late),
    )
    work = DueWork.objects.filter(done_at=None, due_at__lte=moment).aggregate(
        waiting=Count("pk"), failing=Count("pk", filter=~Q(error="")), oldest=Min("due_at")
    )
    yield GaugeMetricFamily("coalition_mail_waiting", "Mails in the outbox.", value=mail["waiting"])
    yield GaugeMetricFamily("coalition_mail_failed", "Mails given up.", value=mail["failed"])
    yield GaugeMetricFamily(
        "coalition_mail_late_seconds",
        "How late the oldest mail is.",
        value=_seconds_since(moment, mail["oldest"]),
    )
    yield GaugeMetricFamily("coalition_work_due", "Work whose time has come.", value=work["waiting"])
    yield GaugeMetricFamily(
        "coalition_work_failing", "Due work that failed and is tried again.", value=work["failing"]
    )
    yield GaugeMetricFamily(
        "coalition_work_late_seconds", "How late the oldest is.", value=_seconds_since(moment, work["oldest"])
    )
    yield GaugeMetricFamily(
        "coalition_clock_ahead_seconds",
        "By how much this machine's clock is ahead of the database's.",
        value=clock_skew_seconds(),
    )
    checks = PublicationCheck.objects.aggregate(
        differ=Count("pk", filter=Q(finding_count__gt=0)), oldest=Min("checked_at")
    )
    yield GaugeMetricFamily(
        "coalition_publications_differing",
        "Publications of which readers get something else than the record.",
        value=checks["differ"],
    )
    yield GaugeMetricFamily(
        "coalition_publications_taken_off",
        "Publications that are off the site while they are checked.",
        value=TakenOff.objects.count(),
    )
    unchecked = published_ever().filter(last_check=None).aggregate(oldest=Min("published_at"))
    waiting_since = [since for since in (checks["oldest"], unchecked["oldest"]) if since]
    yield GaugeMetricFamily(
        "coalition_publications_unchecked_seconds",
        "How long ago the publication was verified, or became public, that waits longest.",
        value=_seconds_since(moment, min(waiting_since, default=None)),
    )
    yield GaugeMetricFamily(
        "coalition_support_counts_differing",
        "Sums of supporters that differed from their rows at the last recount of a night.",
        value=differences_found(moment - datetime.timedelta(hours=25)),
    )
    tasks = DBTaskResult.objects.ready().count()
    yield GaugeMetricFamily("coalition_tasks_waiting", "Tasks that wait for a worker.", value=tasks)


def _seconds_since(moment: datetime.datetime, since: datetime.datetime | None) -> float:
    return (moment - since).total_seconds() if since else 0.0


# --- server ---
# The HTTP server for metrics: a thread with its own address.


def serve_metrics(address: tuple[str, int]) -> Callable[[], None]:
    """Serve metrics at `address` (host, port) until the returned function is called.

    Raises OSError if the port is in use.
    """
    looking = GaugeCollector()
    REGISTRY.register(looking)
    host, port = address
    server, thread = start_http_server(port, addr=host, registry=REGISTRY)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
        REGISTRY.unregister(looking)

    return end
