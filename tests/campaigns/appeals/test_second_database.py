"""Where contacts lie in a database of their own: nothing of a confirmed supporter comes back into it."""

from collections import Counter

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.appeals.actions.confirm import confirm_support
from coalition.campaigns.models import Support
from coalition.mail import outbox
from coalition.personal_data import store
from coalition.personal_data.models import Held
from coalition.personal_data.store import ALIAS
from tests.campaigns.appeals.builders import ask
from tests.campaigns.appeals.factories import SupportFactory, open_appeal
from tests.campaigns.appeals.test_support import shape
from tests.personal_data.apart import second_database

pytestmark = pytest.mark.usefixtures("no_pages")


@pytest.fixture
def apart(transactional_db, tmp_path):
    with second_database(tmp_path):
        yield


def values_of_canary() -> list[str]:
    keys = list(Held.objects.using(ALIAS).values_list("key", flat=True))
    return [value for value in map(str, store.fetch_values(keys).values()) if "canary" in value.lower()]


def test_after_confirming_nothing_of_an_address_is_left_or_comes_back(apart):
    version = open_appeal()
    token = ask(version, "canary@canary.example")
    assert values_of_canary()
    outbox.deliver_due()
    confirm_support(token=token)
    assert values_of_canary() == []
    ask(version, "canary@canary.example", name="Canary", is_listed=True)
    outbox.deliver_due()
    assert values_of_canary() == []
    assert Support.objects.count() == 1


def test_the_same_is_written_whatever_is_known_of_the_mailbox(apart):
    version = open_appeal()
    ask(version, "first@mail.example")
    states = ["unconfirmed", "counted", "held", "set_aside"]
    for state in states:
        SupportFactory(version=version, mailbox=f"{state}@mail.example", state=state)
    seen = {}
    for state in ["unknown", *states]:
        before = Held.objects.using(ALIAS).count()
        with CaptureQueriesContext(connection) as main, CaptureQueriesContext(connections[ALIAS]) as other:
            ask(version, f"{state}@mail.example", name="Canary", is_listed=True)
        shapes = Counter(shape(one["sql"]) for one in [*main, *other])
        seen[state] = (shapes, Held.objects.using(ALIAS).count() - before)
    assert seen["unknown"][1] > 0
    assert all(one == seen["unknown"] for one in seen.values()), seen
