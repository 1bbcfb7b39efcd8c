"""A letter action with three deputies, ten days after it was opened."""

import datetime
from collections.abc import Iterator

import pytest

from coalition.core.clock import freeze_clock_at
from tests.campaigns.letters_board.builders import OPENED, BoardDesk, board_desk


@pytest.fixture
def desk(no_pages: None) -> BoardDesk:
    return board_desk()


@pytest.fixture
def after_a_month() -> Iterator[datetime.date]:
    """The clock stands a month after the opening."""
    moment = OPENED + datetime.timedelta(days=30)
    with freeze_clock_at(moment):
        yield moment.date()
