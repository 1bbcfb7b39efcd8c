"""A public appeal with numbers, registered for a test."""

from collections.abc import Iterator

import pytest

from tests.campaigns.counters.pretend_appeal import PretendAppeal, pretend_appeal


@pytest.fixture
def appeal() -> Iterator[PretendAppeal]:
    with pretend_appeal() as made:
        yield made
