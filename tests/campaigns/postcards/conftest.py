"""Designs without pages of the public site, which are another layer's."""

import pytest

from tests.campaigns.postcards.builders import Cards, cards


@pytest.fixture
def here(no_pages: None) -> Cards:
    return cards()
