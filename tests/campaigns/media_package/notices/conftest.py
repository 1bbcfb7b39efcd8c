"""Each test counts its questions anew."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_counters() -> None:
    cache.clear()
