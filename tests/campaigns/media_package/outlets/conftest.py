"""Nothing is counted from one test to the next."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_counters() -> None:
    cache.clear()
