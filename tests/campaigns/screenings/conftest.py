from tests.home.conftest import site

__all__ = ["site"]
