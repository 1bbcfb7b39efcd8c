"""The public site's trees, which the demo fills."""

import pytest

from home.models import HomePage
from tests.home.conftest import site_of_three_languages


@pytest.fixture
def site(db: None) -> HomePage:
    return site_of_three_languages()
