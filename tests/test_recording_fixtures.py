"""That every test is followed, and what it patches is noticed."""

import pytest
from django.db import connection

from coalition.accounts.models import Organisation
from tests import quick
from tests.factories import OrganisationFactory
from tests.recording import recorded, replay

pytestmark = pytest.mark.django_db


@recorded
def organisation() -> Organisation:
    return OrganisationFactory()


@pytest.mark.skipif(
    replay.MODE == "off" or connection.vendor != "sqlite",
    reason="only SQLite records builders, and not with RECORDINGS=off",
)
def test_a_builder_is_recorded_until_something_is_patched(monkeypatch):
    replay.recordings.clear()
    organisation()
    assert organisation.__wrapped__ in {key[0] for key in replay.recordings}
    replay.recordings.clear()
    monkeypatch.setattr(quick, "BASE", "main", raising=False)
    organisation()
    assert not replay.recordings
