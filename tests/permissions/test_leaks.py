"""Nothing that carries a canary reaches anyone who may not see it: roles × states × addresses × ways to ask.

`leaks_world.py` makes what could leak, once for the whole file. `make test` asks for a sample of the cells.
`make test-slow` asks for one of five parts of three sweeps, and whether what could leak is shown at all;
`leak_matrix.py` is the matrix at length.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client

from coalition.mail.outbox import deliver_due
from tests.conftest import sign_in
from tests.permissions.cells import METHODS, SECRET, Target, ask, unfolded
from tests.permissions.chosen import part_of, sample, this_part
from tests.permissions.consent_world import words_of_hidden_pages
from tests.permissions.leaks_world import SHOWN_NOWHERE, browsers, every_target, knowing, whole_world
from tests.permissions.world import EVERYONE, World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]  # long on a busy machine
SAMPLE = 200
# Organisations are named here to whoever has a seat beside theirs.
NAMES_SHOWN = "/workspaces/<uuid:workspace>/people/"
ACTIONS = ("/asks/", "/counts/", "/letters/", "/postcards/", "/recipients/", "/sheets/", "/who-does-what/")
CONSENT, CONSENT_STATES = ("/consent/", "/screenings/", "/files/"), ("consent", "film_", "screening_")
SHOWN_AT = tomllib.loads(Path(__file__).with_name("shown_at.toml").read_text(encoding="utf-8"))["addresses"]


@pytest.fixture(scope="module")
def there(file_site: None) -> World:
    return whole_world()


def test_no_canary_reaches_anyone_who_may_not_see_it(there: World) -> None:
    cells = [
        (role, target, method)
        for role in sorted(EVERYONE)
        for target in every_target(there)
        for method in METHODS
    ]
    telling = [cell for cell in cells if cell[1].name in SHOWN_AT]  # at most addresses nothing is to be seen
    naming = [cell for cell in cells if cell[1].pattern == NAMES_SHOWN and cell[2] == "get"]
    assert naming
    chosen = [*sample(telling, SAMPLE // 2), *sample(cells, SAMPLE // 2), *naming]
    assert len(chosen) >= SAMPLE
    clients, leaks = browsers(there), set()
    for role, target, method in chosen:
        for word in ask(clients[role], target, method):
            if not there.may_read(role, word, target.state):
                leaks.add((role, method, target.name, word))
    assert sorted(leaks) == []


@pytest.mark.slow
def test_what_could_leak_is_shown_to_those_who_may_see_it(there: World) -> None:
    """Without this the other tests would pass on pages that are empty for everyone.

    The addresses in shown_at.toml show all of it together, so that only these few have to be asked.
    """
    known = {target.name: target for target in every_target(there)}
    assert [name for name in SHOWN_AT if name not in known] == []
    clients = browsers(there)
    seen = set().union(*_shown(clients, (known[name] for name in SHOWN_AT)).values())
    unseen = {word for word in there.audience if word not in seen and not word.endswith(SHOWN_NOWHERE)}
    assert not unseen, _advice(unseen, _shown(clients, known.values()))


def _shown(clients: Mapping[str, Client], targets: Iterable[Target]) -> dict[str, set[str]]:
    """Return the canaries at each address, by its name, asked for by who may see what stands there."""
    return {target.name: ask(clients[knowing(target)], target, "get") for target in targets}


def _advice(unseen: set[str], shown: Mapping[str, set[str]]) -> str:
    """Return a line for each canary: which address to add to shown_at.toml, or that no address shows it."""
    lines = []
    for word in sorted(unseen):
        names = [name for name, words in shown.items() if word in words]
        lines.append(
            f"{word}: add {names[0]!r} to shown_at.toml" if names else f"{word}: no address shows it"
        )
    return "\n".join(lines)


@pytest.mark.slow
@this_part
@pytest.mark.parametrize("asking", ["who may see it", "anonymous", "observer"])
def test_everything_that_a_role_can_open_is_clean(there: World, asking: str, part: int) -> None:
    """Who knows most, the public, and the seat that sees least, ask for every address of a part."""
    clients, leaks = browsers(there), set()
    for target in every_target(there):
        if part_of(target) == part:
            role = knowing(target) if asking == "who may see it" else asking
            words = ask(clients[role], target, "get")
            leaks |= {
                (role, target.name, word) for word in words if not there.may_read(role, word, target.state)
            }
    assert sorted(leaks) == []


@pytest.mark.slow
@this_part
@pytest.mark.parametrize("role", ["contributor", "admitted", "neighbour", "representative", "secretariat"])
def test_actions_of_a_campaign_are_clean_for_those_who_know_a_part(
    there: World, role: str, part: int
) -> None:
    """Sheets, counts, cards, letters, asks and the regional plan, asked for by who may see some of it."""
    client, leaks = sign_in(Client(), there.people[role]), set()
    for target in every_target(there):
        if part_of(target) == part and any(name in target.pattern for name in ACTIONS):
            words = ask(client, target, "get")
            leaks |= {(target.name, word) for word in words if not there.may_read(role, word, target.state)}
    assert sorted(leaks) == []


@pytest.mark.slow
@this_part
def test_nobody_learns_of_a_consent_or_of_who_asks_for_a_film(there: World, part: int) -> None:
    """Every address of a record, of what stands under one and of a screening, asked for by every role."""
    clients, leaks = browsers(there), set()
    for target in every_target(there):
        about = target.state.startswith(CONSENT_STATES) or any(one in target.pattern for one in CONSENT)
        if about and part_of(target) == part:
            for role, client in clients.items():
                leaks |= {
                    (role, target.name, word)
                    for word in ask(client, target, "get")
                    if not there.may_read(role, word, target.state)
                }
    assert sorted(leaks) == []


@pytest.mark.slow
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
    assert _strays(found, public | withdrawn | words_of_hidden_pages(there)) == set()
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
