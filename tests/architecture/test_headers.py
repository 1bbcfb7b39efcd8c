"""What every kind of answer carries, whatever made it: a page, a feed, a file, a fault."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

ANSWERS = {
    "/en/": 200,
    "/en/news/rss.xml": 200,
    "/en/news/feed.json": 200,
    "/calendar.ics": 200,
    "/robots.txt": 200,
    "/healthz": 200,
    "/accounts/login/": 200,
    "/accounts/profile/": 302,
    "/en/nothing-is-here/": 404,
    "/accounts/language/": 405,
    "/static/favicon.svg": 200,
}


@pytest.mark.parametrize(("path", "status"), ANSWERS.items(), ids=ANSWERS)
def test_every_kind_of_answer_carries_the_headers(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "object-src 'none'" in answer["Content-Security-Policy"]
    assert "base-uri 'none'" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    kind = answer.get("Content-Type", "")
    if kind.startswith("text/"):
        assert "charset=utf-8" in kind.lower()
    answer.close()


@pytest.mark.parametrize("path", ANSWERS)
def test_no_answer_opens_itself_to_other_origins(client: Client, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer
    answer.close()


def test_a_value_in_the_address_is_none_of_the_form(client: Client) -> None:
    """Django keeps them apart: what a link brings along is not taken for what somebody typed."""
    answer = client.post("/accounts/language/?language=ru", {"next": "/en/"})
    assert answer.status_code == 400


def test_an_error_tells_nothing_of_the_inside(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("the canary of the inside")

    monkeypatch.setattr("home.views.public.render", broken)
    client.raise_request_exception = False
    answer = client.get("/en/search/?q=law")
    assert answer.status_code == 500
    words = answer.content.decode()
    assert "canary" not in words
    assert "Traceback" not in words
    assert "RuntimeError" not in words
