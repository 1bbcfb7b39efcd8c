"""Services of a test's own."""

from collections.abc import Iterator

import pytest

from tests.broken.objects import ObjectServer
from tests.realtime.engine.processes import Postgres


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    with server:
        yield server


@pytest.fixture
def s3() -> Iterator[ObjectServer]:
    with ObjectServer() as server:
        yield server
