"""The clock of the application's machine is wrong: whatever has its moment keeps to the database's."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import pytest
from websockets.asyncio.client import connect

from documents.drafts.live.suggestions import fragment_of
from tests.broken import clocks
from tests.broken.clocks import Clock
from tests.broken.product import Person, Product, eventually, on_postgres
from tests.journeys.authenticator import code_of
from tests.realtime.engine.processes import Postgres, free_port
from tests.realtime.writer import Writer

OFF, MAILS = 7200, 12  # seconds: everything has its moment in an hour
MOMENTS = [
    ("clock_duework", "due_at"),
    ("documents_publication", "scheduled_at"),
    ("documents_approvalround", "deadline"),
    ("documents_question", "deadline"),
    ("documents_onetimelink", "expires_at"),
    ("documents_guestlink", "expires_at"),
    ("partners_invitation", "expires_at"),
    ("outbox_outboxmail", "next_try_at"),
    ("wagtailcore_revision", "approved_go_live_at"),
]
BEFORE = {"embargo": 404, "news": 404, "guest link": 200, "one-time link": 200, "invitation": 200}
AFTER = {"embargo": 200, "news": 200, "guest link": 404, "one-time link": 404, "invitation": 410}
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    """Its clock is right."""
    if clocks.program() is None:  # as without nginx; .ci/run installs it
        pytest.skip(clocks.WITHOUT_FAKETIME)
    server = Postgres()
    with server:
        yield server


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, database: Postgres) -> Product:
    metrics = f"127.0.0.1:{free_port()}"
    return on_postgres(tmp_path_factory.mktemp("clock") / "site", database, METRICS_ADDRESS=metrics)


@pytest.fixture(scope="module")
def met(site: Product) -> dict[str, Any]:
    """What becomes public or ends in an hour by the database's clock; who meets it, and who signs in."""
    made: dict[str, Any] = site.tell("in_an_hour.everything", str(MAILS), SECRET)
    return made


def test_whoever_runs_it_is_told(tmp_path: Path, site: Product) -> None:
    ahead, behind = Clock(tmp_path, ahead=OFF), Clock(tmp_path, ahead=-OFF)
    assert _warns(clocks.by(ahead, site).do("check", "--database", "default"), "ahead of")
    assert _warns(clocks.by(behind, site).do("migrate", "-v0"), "behind")


def test_everything_keeps_to_the_databases_clock(
    tmp_path: Path, site: Product, database: Postgres, met: dict[str, Any]
) -> None:
    ahead, behind = Clock(tmp_path, ahead=OFF), Clock(tmp_path, ahead=-OFF)
    server, beside = clocks.by(ahead, site, WORKER="inside"), tmp_path / "worker.log"
    met = {**met, "news": server.tell("in_an_hour.news")}
    with server.serving(), clocks.working(clocks.by(behind, site), beside):
        eventually(lambda: _warns(site.log.read_text(), "ahead of"), seconds=120)
        eventually(lambda: _warns(beside.read_text(), "behind"), seconds=120)
        eventually(lambda: _waiting(database) == 1, seconds=60)
        assert _is_off(site, OFF)
        _nothing_has_come_or_ended(site, met)
        assert _is_asked(site, met)
        assert _answer(site, met) == 302
        asyncio.run(_writes_while_it_jumps(site, met, ahead))
        _nothing_has_come_or_ended(site, met)
        for table, column in MOMENTS:
            database.do(f"UPDATE {table} SET {column} = {column} - interval '61 minutes'")
        eventually(lambda: _met(site, met) == AFTER, seconds=60)
        eventually(lambda: _waiting(database) == 0, seconds=60)
        _all_has_ended(site, met, database)
    _each_mail_left_once(site, database)


def _warns(told: str, where: str) -> bool:
    """Whether the clock is said to be two hours off, to this side."""
    found = re.search(rf"The clock of this machine is (\d+) s {where} the database's", told)
    return found is not None and abs(int(found[1]) - OFF) < 60


def _waiting(database: Postgres) -> int:
    [(count,)] = database.ask("SELECT count(*) FROM outbox_outboxmail WHERE state = 'waiting'")
    return int(count)


def _is_off(site: Product, seconds: int) -> bool:
    """Whether who watches the numbers is told so."""
    with urlopen(f"http://{site.env['METRICS_ADDRESS']}/metrics", timeout=30) as answer:
        found = re.search(r"^coalition_clock_ahead_seconds (\S+)$", answer.read().decode(), re.MULTILINE)
    assert found
    return abs(float(found[1]) - seconds) < 60


def _met(site: Product, met: dict[str, Any]) -> dict[str, int]:
    return {what: site.ask(met[what]).status for what in BEFORE}


def _answer(site: Product, met: dict[str, Any]) -> int:
    """An organisation's voice, given in the form of the question, or past it."""
    person = Person(**met["representative"])
    token = site.token(met["round"], person)
    return site.send(met["answer"], {"kind": "agrees"}, token=token, person=person).status


def _nothing_has_come_or_ended(site: Product, met: dict[str, Any]) -> None:
    """All that is an hour away by the right time, and what the desk says of it."""
    person = Person(**met["representative"])
    assert _met(site, met) == BEFORE
    assert "The deadline" not in site.ask(met["round"], person=person).words
    desk = site.ask("/workspaces/", person=person).words
    assert met["round"] in desk
    assert "The deadline has passed" not in desk
    assert _left(desk)
    assert all(re.fullmatch(r"\d+ minutes", told) for told in _left(desk))


def _is_asked(site: Product, met: dict[str, Any]) -> bool:
    """Whether a question waits for an answer of the representative."""
    person = Person(**met["representative"])
    desk, page = (site.ask(address, person=person).words for address in ("/workspaces/", met["question"]))
    assert (met["answer"] in page) == (met["question"] in desk)
    return met["answer"] in page


def _left(desk: str) -> set[str]:
    """How much time is told to be left of what waits."""
    return {re.sub(r"\s+", " ", told) for told in re.findall(r"</b>\s*([^<]*?)\s+left\s*<", desk)}


def _all_has_ended(site: Product, met: dict[str, Any], database: Postgres) -> None:
    person = Person(**met["representative"])
    assert "The deadline for joining has passed" in site.ask(met["round"], person=person).words
    assert not _is_asked(site, met)
    eventually(lambda: database.ask("SELECT state FROM documents_question") == [("settled",)], seconds=60)
    assert _answer(site, met) != 302


class Browser(Writer):
    """In a text of the product, as its page there writes."""

    def __init__(self, site: Product, person: Person, text: str) -> None:
        place = f"127.0.0.1:{site.port}"
        super().__init__(place, UUID(text), "")
        self._opening = connect(
            f"ws://{place}/ws/drafts/{text}/",
            origin="https://localhost",
            additional_headers={"Cookie": person.cookie, "Host": "localhost"},
        )

    @property
    def line(self) -> Any:
        return fragment_of(self.doc).children[2].children[0]

    async def type_in(self, words: str) -> None:
        await self.change(lambda: self.line.insert(0, words))


async def _writes_while_it_jumps(site: Product, met: dict[str, Any], clock: Clock) -> None:
    """Somebody types on while the machine's clock is put back by four hours: on one line, and all is kept."""
    person = Person(**met["coordinator"])
    async with Browser(site, person, met["text"]) as writer:
        await asyncio.wait_for(writer.synced.wait(), 30)
        await writer.type_in("Early. ")
        await writer.until(lambda: writer.saved == writer.written, seconds=30)
        clock.set(ahead=-OFF)
        await asyncio.to_thread(eventually, lambda: _is_off(site, -OFF))
        await writer.type_in("Late. ")
        await writer.until(lambda: writer.saved == writer.written, seconds=30)
        assert not writer.refused
    async with Browser(site, person, met["text"]) as reader:
        await asyncio.wait_for(reader.synced.wait(), 30)
        assert str(reader.line) == "Late. Early. Before."


def _each_mail_left_once(site: Product, database: Postgres) -> None:
    """Two workers sent it, whose clocks were four hours apart."""
    texts = [file.read_text() for file in (site.folder / "mail").iterdir()]
    left = Counter(mark for text in texts for mark in re.findall(r"(?m)^Message-ID: (\S+)$", text))
    [(sent,)] = database.ask("SELECT count(*) FROM outbox_outboxmail WHERE state = 'sent'")
    assert set(left.values()) == {1}
    assert len(left) >= sent > MAILS


def test_who_signs_in_meets_the_machines_own_clock(
    tmp_path: Path, site: Product, met: dict[str, Any]
) -> None:
    """A password and a session hold; a code of an app and a link of another machine do not."""
    clock = Clock(tmp_path, ahead=OFF)
    with clocks.by(clock, site).serving():
        person = _signed_in(site, met["alone"], met["password"])
        assert site.ask("/accounts/profile/", person=person).status == 200
        assert site.ask(met["new password"]).status == 200, "it has ended, says this clock"
        half_way = _signed_in(site, met["app"], met["password"])
        assert _code(site, half_way) == 200, "a code holds for thirty seconds"
        clock.set(ahead=0)
        eventually(lambda: _is_off(site, 0))
        assert site.ask("/accounts/profile/", person=person).status == 200
        assert site.ask(met["new password"]).status == 302
        assert _code(site, half_way) == 302


def _signed_in(site: Product, address: str, password: str) -> Person:
    """Who comes from there with a password; perhaps a code is asked of them yet."""
    token = site.token("/accounts/login/")
    answer = site.send("/accounts/login/", {"login": address, "password": password}, token=token)
    assert answer.status == 302, answer.words
    found = re.search(r"__Host-sessionid=\w+", str(answer.headers.get_all("Set-Cookie")))
    assert found
    return Person(found[0], "")


def _code(site: Product, person: Person) -> int:
    """The answer to the code that a phone shows, whose clock is right."""
    page = "/accounts/2fa/authenticate/"
    token = site.token(page, person)
    return site.send(page, {"code": code_of(SECRET)}, token=token, person=person).status
