"""The leak matrix at length: `make test-leaks`. At least 20,000 cells, the same at every run.

`test_leaks.py` looks at a sample of 200 in `make test`. The roles are divided into shares, so that
processes can divide the work.
"""

import zlib
from collections.abc import Iterator

import pytest

from tests.permissions.cells import METHODS, Target, ask
from tests.permissions.leaks_world import browsers, every_target, whole_world
from tests.permissions.world import EVERYONE, World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1800)]
CELLS = 24_000  # of all; more than is promised, so that addresses that go do not break the promise
PROMISED = 20_000
SHARES = [sorted(EVERYONE)[first::7] for first in range(7)]


@pytest.fixture(scope="module")
def there(file_site: None) -> World:
    return whole_world()


def _cells(targets: list[Target]) -> Iterator[tuple[str, Target, str]]:
    """Of each role as many, spread over addresses, states and ways to ask."""
    every = [(target, method) for target in targets for method in METHODS]
    every.sort(key=lambda cell: zlib.crc32(f"{cell[0].pattern} {cell[0].state} {cell[1]}".encode()))
    most = min(len(every), CELLS // len(EVERYONE))
    for number, role in enumerate(sorted(EVERYONE)):
        shift = number * most  # what one role leaves out another asks for
        yield from ((role, *every[(shift + one) % len(every)]) for one in range(most))


@pytest.mark.parametrize("roles", SHARES, ids="-".join)
def test_no_canary_is_out_of_place(there, roles) -> None:
    cells = list(_cells(every_target(there)))
    assert len(cells) >= PROMISED
    clients, leaks = browsers(there), set()
    for role, target, method in cells:
        if role in roles:
            for word in ask(clients[role], target, method):
                if not there.may_read(role, word, target.state):
                    leaks.add((role, method, target.name, word))
    assert sorted(leaks) == []
