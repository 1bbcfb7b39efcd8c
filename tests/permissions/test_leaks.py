"""Nothing that carries a canary reaches anyone who may not see it: roles × states × addresses × ways to ask.

The cells are a sample of the matrix, the same at every run; `world.py` says who may see what.
"""

import zlib
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client

from coalition.mail.outbox import deliver_due
from home.models import NewsPage
from tests.conftest import sign_in
from tests.permissions import surfaces
from tests.permissions.cells import METHODS, SECRET, Target, ask, targets, unfolded
from tests.permissions.comments_world import KNOWING as KNOWING_COMMENTS
from tests.permissions.comments_world import add_comments
from tests.permissions.decisions_world import add_decisions
from tests.permissions.embargo_world import add_embargoes
from tests.permissions.embargo_world import nowhere as shown_nowhere
from tests.permissions.events_world import KNOWING as KNOWING_EVENTS
from tests.permissions.events_world import add_events
from tests.permissions.facts_world import add_facts
from tests.permissions.guests_world import add_guests
from tests.permissions.logos_world import KNOWING as KNOWING_LOGOS
from tests.permissions.logos_world import NOWHERE as LOGOS_OUTLIVED
from tests.permissions.logos_world import add_logos
from tests.permissions.moderated_world import ON_OTHER_LISTS, add_moderated
from tests.permissions.people_world import NOWHERE as NOBODY_KNOWS_THEM
from tests.permissions.people_world import add_people
from tests.permissions.press_world import KNOWING as KNOWING_PRESS
from tests.permissions.press_world import NOWHERE as NO_MORE_IN_THE_PRESS
from tests.permissions.press_world import add_press
from tests.permissions.stage_world import add_stage
from tests.permissions.voices_world import KNOWING as KNOWING_VOICES
from tests.permissions.voices_world import NOWHERE as VOICES_NOWHERE
from tests.permissions.voices_world import add_voices
from tests.permissions.works_world import KNOWING as KNOWING_WORKS
from tests.permissions.works_world import add_works
from tests.permissions.world import EVERYONE, World, world

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # long on a busy machine
SAMPLE = 500
KNOWING = {
    "restricted": "admitted",
    "elsewhere": "neighbour",
    **KNOWING_EVENTS,
    **KNOWING_COMMENTS,
    **KNOWING_PRESS,
    **KNOWING_VOICES,
    **KNOWING_LOGOS,
    **KNOWING_WORKS,
}  # who may see a state; else the coordinator
# No page shows them: one lies hidden in bytes that are drawn anew, one is for a person's own mail; what
# was deleted among comments is for nobody; nor who did not prove their address to us.
SHOWN_NOWHERE = (
    "hiddeninpicture",
    "partneruntold",
    "commentdeleted",
    *(f"unproved{what}" for what in ("name", "outlet", "phone", "interview")),
    *ON_OTHER_LISTS,
    *shown_nowhere(),
    *NO_MORE_IN_THE_PRESS,
    *VOICES_NOWHERE,
    *LOGOS_OUTLIVED,
    *NOBODY_KNOWS_THEM,
)


@pytest.fixture
def there(site) -> World:
    made = world()
    add_events(made)
    add_comments(made)
    add_guests(made)
    add_decisions(made)
    add_facts(made)
    made.outlets = {holder.address: role for role, holder in add_embargoes(made).items()}
    add_press(made)
    add_voices(made)
    add_people(made)
    add_logos(made)
    add_stage(made)
    add_works(made)
    add_moderated(made)
    for page in NewsPage.objects.all():
        made.things[f"page {page.pk}"] = {"slug": page.slug}
    return made


def every_target(made: World) -> list[Target]:
    return list(targets(surfaces.listed()["urls"], made.things))


def browsers(made: World) -> dict[str, Client]:
    people = {role: sign_in(Client(), made.people[role]) for role in sorted(EVERYONE - {"anonymous"})}
    return {"anonymous": Client(), **people}


def sample(cells: list[tuple[str, Target, str]]) -> Iterator[tuple[str, Target, str]]:
    """The same ones at every run, spread over everything."""
    spread = sorted(cells, key=lambda cell: zlib.crc32(f"{cell[0]} {cell[1].pattern} {cell[2]}".encode()))
    return iter(spread[:: max(1, len(spread) // SAMPLE)])


def test_no_canary_reaches_anyone_who_may_not_see_it(there) -> None:
    cells = [
        (role, target, method)
        for role in sorted(EVERYONE)
        for target in every_target(there)
        for method in METHODS
    ]
    clients, leaks, count = browsers(there), set(), 0
    for role, target, method in sample(cells):
        count += 1
        for word in ask(clients[role], target, method):
            if role not in there.audience[word]:
                leaks.add((role, method, target.pattern, word))
    assert count >= SAMPLE
    assert sorted(leaks) == []


def test_what_could_leak_is_shown_to_those_who_may_see_it(there) -> None:
    """Without this the other tests would pass on pages that are empty for everyone."""
    clients, seen, leaks = browsers(there), set(), set()
    for target in every_target(there):
        role = KNOWING.get(target.state, "coordinator")
        for word in ask(clients[role], target, "get"):
            seen.add(word)
            if role not in there.audience[word]:
                leaks.add((role, target.pattern, word))
    assert sorted(leaks) == []
    unseen = there.audience.keys() - seen
    assert {word for word in unseen if not word.endswith(SHOWN_NOWHERE)} == set()


@pytest.mark.parametrize("role", ["anonymous", "observer"])
def test_everything_that_a_role_can_open_is_clean(there, role) -> None:
    """The public, and the seat that sees least, ask for every address there is."""
    client = browsers(there)[role]
    leaks = {
        (target.pattern, target.state, word)
        for target in every_target(there)
        for word in ask(client, target, "get")
        if role not in there.audience[word]
    }
    assert sorted(leaks) == []


def test_mails_carry_nothing_that_their_readers_may_not_see(there) -> None:
    deliver_due()
    roles = {person.email: role for role, person in there.people.items()} | there.outlets
    assert mail.outbox
    for message in mail.outbox:
        parts = [message.subject, message.body, *(str(part.content) for part in message.alternatives)]
        for word in SECRET.findall(unfolded("\n".join(parts))):
            role = roles.get(message.to[0], "anonymous")
            own = role in {"withheld", "confidential"} and word.startswith(f"Canary{role}")
            own = own or is_guests(message.to[0], word)
            assert own or role in there.audience[word], (message.subject, role, word)


def is_guests(address: str, word: str) -> bool:
    """Whether the address is that of a guest of the very event that the word is about."""
    guest, _, host = address.lower().partition("@")
    return (
        host == "tests.example"
        and guest.endswith("guest")
        and word.lower().startswith(guest[: -len("guest")])
    )


def test_search_rows_hold_public_words_alone(there) -> None:
    """Wagtail's index and ours; ours was kept while everything was made, and is written anew here."""
    call_command("update_index", verbosity=0)
    kept = _canaries_in("home_search")
    call_command("rebuild_search", verbosity=0)
    public = {word for word, roles in there.audience.items() if "anonymous" in roles}
    assert _strays(kept, public) == set()
    assert "Canarypublishedtitle" in kept
    assert kept == _canaries_in("home_search")
    found = _canaries_in("indexentry")
    withdrawn = {
        f"Canarywithdrawn{what}" for what in ("title", "lead", "body")
    }  # were public, for the newsroom
    assert _strays(found, public | withdrawn) == set()
    assert "Canarypublishedtitle" in found


def _strays(found: set[str], words: set[str]) -> set[str]:
    """What comes from none of the words: stems are beginnings of words, but for a last letter."""
    return {one for one in found if not any(word.startswith(one[:-1]) for word in words)}


def _canaries_in(name: str) -> set[str]:
    """Canaries in the rows of all tables with this in their names, in small letters or not."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if name in table:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows = repr(cursor.fetchall())
                found.update(SECRET.findall(rows), SECRET.findall(rows.replace("canary", "Canary")))
    return found
