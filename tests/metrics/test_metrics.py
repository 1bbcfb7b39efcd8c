"""Numbers for the operator: what is told, and what must not be."""

import datetime
import io
import json
import logging
import socket
import urllib.request

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from bench.server import free_port
from coalition.core.clock import now
from coalition.core.log_redaction import JsonLine, MaskTokens
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import schedule
from coalition.mail.models import OutboxMail
from coalition.metrics import REQUESTS, CountRequestsMiddleware, serve_metrics
from tests.conftest import sign_in
from tests.factories import seat

TOKEN = "kR4nary-Token_7f3a"
MIDDLEWARE = "coalition.metrics.CountRequestsMiddleware"


@pytest.fixture
def told(transactional_db):
    """`told()`: what stands at the address of the metrics."""
    port = free_port()
    end = serve_metrics(("127.0.0.1", port))

    def read() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            return answer.read().decode()

    yield read
    end()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0  # it ends with the server


def number(words: str, name: str) -> float:
    return float(next(line for line in words.splitlines() if line.startswith(name)).rpartition(" ")[2])


@pytest.mark.django_db(transaction=True)
def test_requests_are_counted_by_view_and_nobody_is_named(told, settings):
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    held = seat()
    browser = sign_in(Client(), held.person)
    browser.get(f"/workspaces/{held.workspace.uuid}/")
    Client().get(f"/guest/{TOKEN}/?q=secret-words")
    Client().get(f"/nothing-here-{TOKEN}/")
    words = told()
    assert number(words, 'coalition_requests_total{method="GET",status="404",view="guest"}') >= 1
    assert number(words, 'coalition_request_seconds_count{view="guest"}') >= 1
    for secret in (TOKEN, "secret-words", str(held.workspace.uuid), held.person.email, held.person.name):
        assert secret not in words, secret


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_told(told):
    late = now() - datetime.timedelta(minutes=10)
    before = told()
    assert number(before, "coalition_database_up") == 1
    for place in range(3):
        OutboxMail.objects.create(
            key=f"mail-{place}", template="x", language="kk", next_try_at=late, created_at=late
        )
    schedule(kind="test.work", key="one", due_at=late)
    DueWork.objects.filter(kind="test.work", key="one").update(attempts=12, error="away")
    schedule(kind="test.work", key="later", due_at=now() + datetime.timedelta(days=1))
    after = told()
    assert number(after, "coalition_mail_waiting") == 3
    assert 590 < number(after, "coalition_mail_late_seconds") < 700
    assert number(after, "coalition_work_due") == number(before, "coalition_work_due") + 1
    assert number(after, "coalition_work_failing") == number(before, "coalition_work_failing") + 1
    assert number(after, "coalition_work_late_seconds") > 590
    for name in ("coalition_open_sockets", "coalition_saved_lag_seconds", "coalition_tasks_waiting"):
        assert number(after, name) >= 0


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_is_away_is_told(told, settings):
    assert "coalition_redis_up" not in told() or settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {"BACKEND": "coalition.core.safe_cache.RedisCache", "LOCATION": settings.REDIS_URL}
    }
    assert number(told(), "coalition_redis_up") == 0


def test_a_word_that_a_stranger_sends_as_method_is_not_kept():
    request = RequestFactory().generic("CANARY", "/healthz")
    request.resolver_match = resolve("/healthz")
    CountRequestsMiddleware(lambda _request: HttpResponse())(request)
    samples = [sample for family in REQUESTS.collect() for sample in family.samples]
    labels = {sample.labels["method"] for sample in samples}
    assert "other" in labels
    assert "CANARY" not in labels


def test_metrics_are_on_no_public_address(client, db):
    assert client.get("/metrics").status_code in {302, 404}


def test_a_line_of_json_holds_no_secret():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MaskTokens())
    handler.setFormatter(JsonLine())
    logger = logging.Logger("django.request")  # noqa: LOG001  one of this test's own
    logger.addHandler(handler)
    logger.warning("Not Found: %s", f"/guest/{TOKEN}/", extra={"status_code": 404, "request": TOKEN})
    try:
        raise ValueError(f"/calendar/private/{TOKEN}.ics")
    except ValueError:
        logger.exception("қате")
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert first | {"time": ""} == {
        "time": "",
        "level": "WARNING",
        "logger": "django.request",
        "message": "Not Found: /guest/***/",
        "status": 404,
    }
    assert second["message"] == "қате"
    assert "ValueError: /calendar/private/***.ics" in second["error"]
    assert TOKEN not in stream.getvalue()
