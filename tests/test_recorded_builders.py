"""What is replayed is what builders write and return: whole databases are compared, row by row."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from coalition.accounts.models import Language
from coalition.core.clock import now
from events.press.kit.models import KitKind
from events.press.registration.actions import open_to_press
from events.questions.models import QuestionState
from tests import factories
from tests.documents import conftest as documents
from tests.documents.approval import (
    builders as approval,
    inherited_builders as inherited,
    offline_builders as offline,
)
from tests.documents.comments import builders as comments
from tests.documents.facts import writing as facts
from tests.documents.guests import builders as guests
from tests.documents.publication.embargo import builders as embargo
from tests.documents.resolutions import asking
from tests.events.exhibitions.guest_book import builders as guest_book
from tests.events.exhibitions.works import builders as works
from tests.events.planning import builders as planning
from tests.events.press import builders as press, builders_voices as voices
from tests.events.press.kit import builders as kits
from tests.events.press.registration.check_in import builders as check_in
from tests.events.questions import builders as questions, pages as question_pages
from tests.events.volunteers import builders as volunteers
from tests.home import conftest as home, pictured
from tests.recording import replay
from tests.recording.arguments import Arguments

MODULES = [
    factories,
    documents,
    approval,
    inherited,
    offline,
    comments,
    facts,
    guests,
    embargo,
    asking,
    guest_book,
    works,
    planning,
    press,
    voices,
    kits,
    check_in,
    questions,
    question_pages,
    volunteers,
    home,
    pictured,
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="builders run for real on other databases"),
]


@pytest.fixture(autouse=True)
def recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the one that follows every test."""
    monkeypatch.setattr(replay, "recordings", {})


def drafts() -> object:
    room = documents.room_of_everyone()
    text = room.write(room.draft().texts.get(language=Language.KK))
    text = documents.suggest(room, text, "reviewer", " Now.")
    threads = [comments.begin(room, text), comments.begin_legal(room, text)]
    return room, text, threads, guests.invite(room, text.draft), facts.node_of(a_fact(room).versions.get())


def a_fact(room: documents.Room) -> Any:
    return facts.write_down(room.user("editor"))


def rounds() -> object:
    made = approval.stage(3)
    round_ = made.put("kk", "ru", deadline=now() + embargo.HOUR * 72)
    made.approve(round_, made.organisations[0], "kk")
    link = offline.link_for(made, round_, made.organisations[1])
    made.ask_changes(round_, made.organisations[2])
    return made, round_, link, asking.say(made, asking.put(made), made.organisations[1])


def published() -> object:
    made = approval.stage()
    hidden = approval.withheld(made)
    publication = made.publish("kk")
    letter = inherited.put_framed(made, publication.round)
    return made, hidden, publication, letter, pictured.round_with_picture(approval.stage(1))


def embargoed() -> object:
    made = approval.stage()
    publication = embargo.scheduled(made, "kk")
    reader = embargo.reader(made, publication)
    embargo.let_the_moment_come(publication)
    return made, publication, reader


def events() -> object:
    here = planning.stage()
    one = planning.press_conference(here.access("coordinator"))
    _here, shown = works.show(here)
    work = works.hung(here, shown, picture=works.picture_of(here.access()))
    works.on_the_site(here, shown)
    person = planning.representative_of(here.organisation())
    return here, one, person, planning.exhibition(here.access("coordinator"), visibility=None), work


def visited() -> object:
    with time_machine.travel("2026-02-20 06:00Z", tick=False):
        here, event = works.show()
        book = guest_book.opened(here, event)
        shift = volunteers.shift(here.access(), event)
        helper = volunteers.helps(volunteers.linked(here.access(), event), "Aru", shift)
    with time_machine.travel("2026-03-10 06:00Z", tick=False):
        entry = guest_book.written(book)
        guest_book.taken(here, entry)
    return here, entry, helper


def asked() -> object:
    here = planning.stage()
    with time_machine.travel("2026-02-20 06:00Z", tick=False):
        event = planning.press_conference(here.access("coordinator"))
        person = questions.journalist(here.access("coordinator"), event)
    with time_machine.travel(questions.DURING, tick=False):
        period = questions.takes_questions(here.access(), event)
        question = questions.asked(period)
        question = questions.put(here.access(), question, QuestionState.TAKEN)
        return here, question, person, question_pages.stage_of(here, period)


def pressed() -> object:
    here = press.desk()
    access = here.access("coordinator")
    event = press.public_event(access)
    press.sent(here.access("officer"), event, [press.known(here.access("officer"))])
    kit = kits.kit(access, event)
    items = [
        kits.put(access, event, file=kits.file_of(access)),
        kits.put(access, event, KitKind.PHOTOGRAPH, file=kits.picture_of(access)),
        kits.afterwards(access, event, KitKind.LINK, link="https://tests.example"),
    ]
    speaker = kits.speaker(access, event)
    guest = kits.journalist(access, event)
    registration = open_to_press(access=access, event=event, places=20, per_outlet=20)
    return kit, items, speaker, guest, check_in.comes(registration, "aru"), check_in.many(registration, 3)


def voiced() -> object:
    here = press.desk()
    access = here.access("officer")
    return voices.speaker(access), voices.enquiry(access), voices.line(access), voices.covered(access)


def site() -> object:
    return home.site_of_three_languages(), home.news_page("Title")


WORLDS = [drafts, rounds, published, embargoed, events, visited, asked, pressed, voiced, site]


def tables() -> dict[str, list[Any]]:
    """Every row of every table."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def build(world: Callable[[], object]) -> tuple[Any, Any]:
    """What the database and the result are in a test that begins with this world."""
    with transaction.atomic(), replay.followed():
        result = world()
        found = tables(), Arguments(result).name
        transaction.set_rollback(True)
    return found


def recorded_in(module: ModuleType) -> set[str]:
    owners = [module, *(one for one in vars(module).values() if inspect.isclass(one))]
    functions = [getattr(one, "fget", one) for owner in owners for one in vars(owner).values()]
    return {
        f"{one.__module__}.{one.__qualname__}"
        for one in functions
        if inspect.isfunction(one)
        and hasattr(one, "__wrapped__")
        and one.__module__ == module.__name__
        and not one.__name__.startswith("__")
    }


class Noting(dict[Any, Any]):
    """Recordings; `used` are the keys of those that were replayed."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.used: set[Any] = set()

    def pop(self, key: Any) -> Any:
        self.used.add(key)
        return super().pop(key)


@pytest.mark.parametrize("world", WORLDS)
def test_every_builder_of_a_world_writes_the_same_again(world, monkeypatch):
    """First the outermost builders are replayed, then those in them, down to the factories."""
    built = build(world)
    left = dict(replay.recordings)
    assert left
    while left:
        monkeypatch.setattr(replay, "recordings", noting := Noting(left))
        rows, result = build(world)
        assert {name: rows[name] for name in rows if rows[name] != built[0][name]} == {}
        assert result == built[1]
        assert noting.used
        left = {key: made for key, made in left.items() if key not in noting.used}


def test_every_recorded_builder_is_in_a_world():
    for world in WORLDS:
        build(world)
    names = {f"{key[0].__module__}.{key[0].__qualname__}" for key in replay.recordings}
    assert set().union(*map(recorded_in, MODULES)) - names == set()
