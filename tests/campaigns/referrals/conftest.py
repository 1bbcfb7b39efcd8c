"""An action to which codes lead, registered for a test."""

from collections.abc import Iterator

import pytest

from tests.campaigns.referrals.actions_to_lead_to import PretendAction, pretend_action


@pytest.fixture
def action() -> Iterator[PretendAction]:
    with pretend_action() as made:
        yield made
