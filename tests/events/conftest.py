"""What the tests of pages share."""

from tests.home.conftest import site

__all__ = ["site"]
