"""Lists are read in this process: to start a sandboxed one takes a second."""

import pytest

from coalition.campaigns.recipients.actions import imports
from events.spreadsheets.reader import read_numbered_rows


@pytest.fixture(autouse=True)
def _read_here(monkeypatch) -> None:
    monkeypatch.setattr(imports, "read_numbered_rows_in_sandbox", read_numbered_rows)
