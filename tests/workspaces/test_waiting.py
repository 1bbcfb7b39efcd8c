"""The order of what waits for a person."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.naming import PUBLIC
from coalition.workspaces import dashboard as workspaces_dashboard
from coalition.workspaces.dashboard import WaitingItem
from coalition.workspaces.visits import KNOWN_FOR_SECONDS
from tests.factories import UserFactory, seat
from tests.markup import squeezed

FIRST = datetime.datetime(2026, 3, 3, 11, tzinfo=datetime.UTC)


def _item(title, *, due=None, urgent=False):
    return WaitingItem(icon="file", title=title, detail="", url="/", action="", due=due, urgent=urgent)


@pytest.mark.django_db
def test_what_keeps_a_person_out_stands_before_what_is_due(monkeypatch):
    items = [
        _item("some day"),
        _item("due", due=FIRST),
        _item("urgent and due", due=FIRST, urgent=True),
        _item("now", urgent=True),
    ]
    monkeypatch.setattr(workspaces_dashboard, "waiting_sources", [lambda _user, _viewer: items])
    titles = [item.title for item in workspaces_dashboard.waiting_items_for(UserFactory(), PUBLIC)]
    assert titles == ["now", "urgent and due", "due", "some day"]


@pytest.mark.django_db
def test_what_waits_in_workspaces_is_asked_only_of_who_has_a_seat(monkeypatch):
    asked = []
    monkeypatch.setattr(workspaces_dashboard, "waiting_sources", [])
    monkeypatch.setattr(
        workspaces_dashboard, "seated_sources", [lambda user, _viewer: asked.append(user) or [_item("there")]]
    )
    seated = seat().person
    assert workspaces_dashboard.waiting_items_for(UserFactory(), PUBLIC) == []
    assert [item.title for item in workspaces_dashboard.waiting_items_for(seated, PUBLIC)] == ["there"]
    assert asked == [seated]


@pytest.fixture
def asked(monkeypatch):
    """Who was asked for, each time that something counts what waits."""
    calls = []

    def source(user, _viewer):
        calls.append(user)
        return [_item("one"), _item("two")]

    monkeypatch.setattr(workspaces_dashboard, "waiting_sources", [source])
    monkeypatch.setattr(workspaces_dashboard, "seated_sources", [])
    return calls


def _counter(page):
    return re.search(r'data-counter="waiting" data-count="(\w+)"', squeezed(page.content.decode())).group(1)


def _asks_by_itself(page):
    return "data-uncounted" in page.content.decode()


@pytest.mark.django_db
def test_a_page_counts_nothing_and_shows_what_was_counted_last(client_of, asked):
    client = client_of(seat().person)
    inbox = reverse("workspaces:inbox")
    page = client.get(inbox)
    assert (asked, _counter(page), _asks_by_itself(page)) == ([], "unknown", True)
    assert client.get(reverse("workspaces:pulse")).json()["waiting"] == 2
    page = client.get(inbox)
    assert (len(asked), _counter(page), _asks_by_itself(page)) == (1, "2", False)
    page = client.get(reverse("workspaces:dashboard"))
    assert (len(asked), _counter(page)) == (2, "2")


@pytest.mark.django_db
def test_a_number_is_another_persons_never_and_old_after_ones_own_act(client_of, asked):
    first, second = client_of(seat().person), client_of(seat().person)
    inbox = reverse("workspaces:inbox")
    first.get(reverse("workspaces:dashboard"))
    assert _counter(second.get(inbox)) == "unknown"
    first.post(reverse("workspaces:inbox_read"))
    page = first.get(inbox)
    assert (_counter(page), _asks_by_itself(page)) == ("unknown", True)


@pytest.mark.django_db
def test_a_number_lasts_no_longer_than_a_minute(client_of, asked):
    client = client_of(seat().person)
    client.get(reverse("workspaces:dashboard"))
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=KNOWN_FOR_SECONDS + 1)):
        assert _counter(client.get(reverse("workspaces:inbox"))) == "unknown"
