"""The order of what waits for a person."""

import datetime

import pytest

from coalition.partners.naming import PUBLIC
from coalition.workspaces import desk
from coalition.workspaces.desk import Waiting
from tests.factories import UserFactory, seat

FIRST = datetime.datetime(2026, 3, 3, 11, tzinfo=datetime.UTC)


def _item(title, *, due=None, urgent=False):
    return Waiting(icon="file", title=title, detail="", url="/", action="", due=due, urgent=urgent)


@pytest.mark.django_db
def test_what_keeps_a_person_out_stands_before_what_is_due(monkeypatch):
    items = [
        _item("some day"),
        _item("due", due=FIRST),
        _item("urgent and due", due=FIRST, urgent=True),
        _item("now", urgent=True),
    ]
    monkeypatch.setattr(desk, "waiting_sources", [lambda _user, _viewer: items])
    titles = [item.title for item in desk.waiting_for(UserFactory(), PUBLIC)]
    assert titles == ["now", "urgent and due", "due", "some day"]


@pytest.mark.django_db
def test_what_waits_in_workspaces_is_asked_only_of_who_has_a_seat(monkeypatch):
    asked = []
    monkeypatch.setattr(desk, "waiting_sources", [])
    monkeypatch.setattr(
        desk, "seated_sources", [lambda user, _viewer: asked.append(user) or [_item("there")]]
    )
    seated = seat().person
    assert desk.waiting_for(UserFactory(), PUBLIC) == []
    assert [item.title for item in desk.waiting_for(seated, PUBLIC)] == ["there"]
    assert asked == [seated]
