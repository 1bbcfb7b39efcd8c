"""What the tests of rights share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests.home.conftest import site, site_of_three_languages
from tests.recording import beginning

__all__ = ["site"]


@pytest.fixture(scope="module")
def file_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for what all tests of a file share: one transaction around them, rolled back at the end.

    Each test has a savepoint in it and leaves nothing behind. None of them may commit (`transaction=True`).
    """
    cache.clear()
    with django_db_blocker.unblock(), translation.override("en"), beginning(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def file_site(file_db: None) -> None:
    """The trees of three languages, for all tests of one file."""
    site_of_three_languages()
