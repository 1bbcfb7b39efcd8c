"""An appeal that is open, with its coordinator."""

import pytest

from tests.campaigns.in_person_sheets.builders import Paper, paper


@pytest.fixture
def here(no_pages: None) -> Paper:
    return paper("kk", "en")
