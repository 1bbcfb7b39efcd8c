"""PostgreSQL and Redis go and come back under the product: nothing committed is lost, and it goes on."""

import asyncio
import json
import signal
from pathlib import Path

import websockets

from tests.broken.fronts import Front, front_of
from tests.broken.product import START, Answer, Person, Product, eventually, on_postgres
from tests.realtime.engine.processes import Postgres, Redis

AWAY = {
    "kk": "Сайттың бір бөлігі қазір жауап бермей тұр",
    "ru": "Часть сайта сейчас недоступна",
    "en": "Part of the site is away for the moment",
}


def _draft(product: Product, person: Person, token: str, title: str) -> Answer:
    fields = {"title": title, "kind": "statement", "first_language": "ru", "handling": "amber"}
    return product.send(f"/workspaces/{person.workspace}/drafts/new/", fields, token=token, person=person)


def _titles(postgres: Postgres) -> set[str]:
    """Of the drafts that this test makes by forms; the article's is a builder's."""
    asked = "SELECT title FROM documents_draft WHERE title NOT LIKE 'Canary%'"
    return {title for (title,) in postgres.ask(asked)}


async def _socket_answers(product: Product, person: Person) -> bool:
    """Whether a page's own socket is taken and answers."""
    try:
        async with asyncio.timeout(5):
            async with websockets.connect(
                f"ws://127.0.0.1:{product.port}/ws/live/",
                additional_headers={"Cookie": person.cookie, "Host": "localhost"},
                origin="https://localhost",
            ) as socket:
                await socket.send(json.dumps({"ping": 1}))
                return json.loads(await socket.recv()) == {"pong": 1}
    except (OSError, TimeoutError, websockets.WebSocketException):
        return False


def _answers(product: Product, person: Person) -> bool:
    return asyncio.run(_socket_answers(product, person))


def test_nothing_committed_is_lost_and_it_is_back_within_fifteen_seconds(
    tmp_path: Path, postgres: Postgres
) -> None:
    redis = Redis()
    with redis:
        product = on_postgres(tmp_path / "site", postgres, REDIS_URL=redis.url, PAGES_KEPT="60")
        made = product.tell("members_and_an_article", "en")
        person = Person(**made["members"][0])
        with product.serving(), front_of(product, tmp_path) as front:
            token = product.token(f"/workspaces/{person.workspace}/drafts/new/", person)
            assert _draft(product, person, token, "before").status == 302
            assert _answers(product, person)
            assert front.ask("/ru/").status == 200
            _postgres_is_away(product, postgres, person, token, front)
            _redis_is_away(product, redis, person, token, made["article"])
        assert _titles(postgres) == {"before", "after", "without redis", "with redis"}


def _postgres_is_away(product: Product, postgres: Postgres, person: Person, token: str, front: Front) -> None:
    postgres.stop()
    for language, words in AWAY.items():
        page = product.ask(f"/workspaces/{person.workspace}/", person=person, language=language)
        assert (page.status, page.headers["Retry-After"]) == (503, "15")
        assert page.headers["Cache-Control"] == "no-store"
        assert words in page.words
        assert "Traceback" not in page.words
        assert words in product.ask(f"/{language}/partners/", language="en").words
    assert _draft(product, person, token, "lost").status == 503
    assert product.ask("/healthz").status == 200
    assert product.ask("/readyz").status == 503
    kept = front.ask("/ru/")
    assert kept.status == 200
    assert 'lang="ru"' in kept.words
    postgres.start()
    eventually(lambda: product.ask(f"/workspaces/{person.workspace}/", person=person).status == 200)
    eventually(lambda: _answers(product, person))
    assert _titles(postgres) == {"before"}
    assert _draft(product, person, token, "after").status == 302


def _redis_is_away(product: Product, redis: Redis, person: Person, token: str, article: str) -> None:
    """It holds nothing that must stay: pages go on without it, by a process that starts meanwhile too."""
    redis.stop()
    product.end(signal.SIGTERM)
    product.start()
    eventually(lambda: product.ask("/readyz").words == "ok, but away: redis\n", seconds=START)
    for page in ("/kk/", "/ru/", "/en/", "/en/news/", "/en/events/", article):
        assert product.ask(page).status == 200, page
    assert "<img" in product.ask(article).words
    assert product.ask(f"/workspaces/{person.workspace}/", person=person).status == 200
    assert _draft(product, person, token, "without redis").status == 302
    signing = product.token("/accounts/login/")
    refused = product.send("/accounts/login/", {"login": "a@b.example", "password": "x"}, token=signing)
    assert refused.status == 503, "guesses are counted in it, so nobody gets in meanwhile"
    redis.start()
    eventually(lambda: _answers(product, person))
    assert _draft(product, person, token, "with redis").status == 302
    again = product.send("/accounts/login/", {"login": "a@b.example", "password": "x"}, token=signing)
    assert again.status == 200
