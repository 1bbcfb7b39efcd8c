"""Works, loans, conditions and films: every role asks for every address of theirs, and what lies around."""

import pytest
from django.test import Client

from tests.conftest import sign_in
from tests.permissions import surfaces
from tests.permissions.cells import Target, ask, targets
from tests.permissions.chosen import part_of, this_part
from tests.permissions.works_world import KNOWING, add_works
from tests.permissions.world import World, peopled

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.timeout(900),  # long on a busy machine
]
OURS = ("/works/", "/film/", "/q/<", "<slug:slug>/", "/workspaces/events/<uuid:event>/")
ASKING = ("anonymous", "observer", "contributor", "representative", "neighbour", "secretariat")
AROUND = ("/sitemap.xml", "/calendar.ics", "/<lang>/events/", "/workspaces/")


@pytest.fixture(scope="module")
def there(file_site: None) -> World:
    made = peopled()
    add_works(made)
    return made


def addresses(made: World) -> list[Target]:
    every = targets(surfaces.listed()["urls"], made.things)
    return [
        one
        for one in every
        if one.pattern in AROUND
        or any(part in one.pattern for part in OURS[:3])
        or one.pattern.endswith(OURS[3:])
    ]


@this_part
def test_nothing_of_works_reaches_who_may_not_see_it(there: World, part: int) -> None:
    """Asked by one of each kind of reader; `test_leaks.py` asks as everyone."""
    leaks = set()
    for role in ASKING:
        client = Client() if role == "anonymous" else sign_in(Client(), there.people[role])
        for one in addresses(there):
            found = ask(client, one, "get") if part_of(one) == part else ()
            leaks |= {(role, one.name, word) for word in found if role not in there.audience[word]}
    assert sorted(leaks) == []


def test_each_secret_is_shown_to_who_keeps_the_works(there: World) -> None:
    roles = {"coordinator", *KNOWING.values()}
    clients = {role: sign_in(Client(), there.people[role]) for role in roles}
    seen: set[str] = set()
    for one in addresses(there):
        seen |= ask(clients[KNOWING.get(one.state, "coordinator")], one, "get")
    ours = {word for word in there.audience if word.startswith(("Canaryworks", "Canaryfilm"))}
    assert ours - seen == set()
