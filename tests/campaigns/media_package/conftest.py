"""Packages to test with: their items have no page of their own among the news."""

import pytest

from tests.campaigns.media_package.builders import Press, press


@pytest.fixture
def here() -> Press:
    """A package without items."""
    return press()


@pytest.fixture
def open_package() -> Press:
    """A published package with one approved film."""
    return press(published=True)
