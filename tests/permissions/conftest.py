"""What the tests of rights share."""

from tests.home.conftest import site

__all__ = ["site"]
