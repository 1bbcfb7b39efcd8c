"""Metrics for Prometheus, served on `METRICS_ADDRESS` only, never on the public address."""

import datetime
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, Error, connection, connections
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from coalition.campaigns.appeals.counting import differences_found
from coalition.core.clock import clock_skew_seconds, now
from coalition.core.safe_cache import redis_faults
from coalition.http.responses import RequestSlot
from coalition.jobs.models import DueWork
from coalition.mail.models import OutboxMail
from coalition.personal_data.store import ALIAS, has_own_database
from coalition.realtime.backend import open_sockets
from coalition.realtime.hub import all_hubs
from documents.publication.models import PublicationCheck, TakenOff
from documents.publication.verification.findings import published_ever

REGISTRY = CollectorRegistry()


ProcessCollector(registry=REGISTRY)


BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
METHODS = frozenset({"GET", "HEAD", "POST"})

REQUESTS = Counter(
    "coalition_requests", "Requests answered, by view.", ["view", "method", "status"], registry=REGISTRY
)

SECONDS = Histogram(
    "coalition_request_seconds",
    "Until the answer began.",
    ["view"],
    buckets=BUCKETS,
    registry=REGISTRY,
)

_STARTED_AT_SLOT = RequestSlot[float]("metrics_begun")  # time.perf_counter() at the start of the request


class CountRequestsMiddleware(MiddlewareMixin):
    """Must be the first middleware, so that responses of other middleware are counted too."""

    def process_request(self, request: HttpRequest) -> None:
        _STARTED_AT_SLOT.put(request, time.perf_counter())

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        match = request.resolver_match
        view = (match.view_name if match else "") or "none"
        method = request.method if request.method in METHODS else "other"  # clients may send any method
        REQUESTS.labels(view, method, str(response.status_code)).inc()
        begun = _STARTED_AT_SLOT.of(request)
        if begun is not None:
            SECONDS.labels(view).observe(time.perf_counter() - begun)
        return response


type Gauge = tuple[str, str, float]  # name without the prefix, description, value


class GaugeCollector(Collector):
    """Collector of all gauges. It runs eight short queries."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing, so that registering the collector makes no query."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, description, value in self._gauges():
            yield GaugeMetricFamily(f"coalition_{name}", description, value=value)

    def _gauges(self) -> Iterator[Gauge]:
        try:
            yield from queue_metrics()
            up = 1
        except DatabaseError:
            up = 0
        finally:
            connection.close()  # the thread ends with this response
        yield "database_up", "Whether the database answers.", up
        free = shutil.disk_usage(Path(settings.MEDIA_ROOT).parent).free
        yield "disk_free_bytes", "Room where data lies.", free
        if has_own_database():
            yield "contacts_up", "Whether the contacts' database answers.", _contacts_up()
        if settings.REDIS_URL:
            yield "redis_up", "Whether Redis answers.", _redis_up()
        sockets = sum(len(some) for some in list(open_sockets.values()))
        yield "open_sockets", "Sockets of people who are signed in, in this process.", sockets
        lag = max((one.saved_lag() for one in all_hubs()), default=0.0)
        yield "saved_lag_seconds", "Seconds from an edit to its row: the last, or of what still waits.", lag


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


def queue_metrics() -> Iterator[Gauge]:
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
    yield "mail_waiting", "Mails in the outbox.", mail["waiting"]
    yield "mail_failed", "Mails given up.", mail["failed"]
    yield "mail_late_seconds", "How late the oldest mail is.", _seconds_since(moment, mail["oldest"])
    yield "work_due", "Work whose time has come.", work["waiting"]
    yield "work_failing", "Due work that failed and is tried again.", work["failing"]
    yield "work_late_seconds", "How late the oldest is.", _seconds_since(moment, work["oldest"])
    ahead = "By how much this machine's clock is ahead of the database's."
    yield "clock_ahead_seconds", ahead, clock_skew_seconds()
    checks = PublicationCheck.objects.aggregate(
        differ=Count("pk", filter=Q(finding_count__gt=0)), oldest=Min("checked_at")
    )
    differing = "Publications of which readers get something else than the record."
    yield "publications_differing", differing, checks["differ"]
    taken_off = "Publications that are off the site while they are checked."
    yield "publications_taken_off", taken_off, TakenOff.objects.count()
    unchecked = published_ever().filter(last_check=None).aggregate(oldest=Min("published_at"))
    waiting_since = [since for since in (checks["oldest"], unchecked["oldest"]) if since]
    yield (
        "publications_unchecked_seconds",
        "How long ago the publication was verified, or became public, that waits longest.",
        _seconds_since(moment, min(waiting_since, default=None)),
    )
    yield (
        "support_counts_differing",
        "Sums of supporters that differed from their rows at the last recount of a night.",
        differences_found(moment - datetime.timedelta(hours=25)),
    )
    yield "tasks_waiting", "Tasks that wait for a worker.", DBTaskResult.objects.ready().count()


def _seconds_since(moment: datetime.datetime, since: datetime.datetime | None) -> float:
    return (moment - since).total_seconds() if since else 0.0


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
