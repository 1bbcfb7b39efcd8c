"""What several tests of what the system does begin with."""

import pytest

from documents.models import ApprovalRound
from tests.documents.approval.builders import Stage, stage


@pytest.fixture
def source() -> tuple[Stage, ApprovalRound]:
    """A text that both organisations approved, in an open round."""
    made = stage()
    round_ = made.put("kk")
    made.approve_all(round_)
    return made, round_
