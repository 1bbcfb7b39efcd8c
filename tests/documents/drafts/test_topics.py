"""Pages of a draft hear when its languages are further or less far than they were, and of nothing else."""

import pytest

from coalition import live_push
from documents.drafts import audit as drafts_topics
from documents.drafts.actions.manage import mark_up_to_date


@pytest.fixture
def told(monkeypatch):
    """The pushes of a test, with the layer between them and the pages left out."""
    found = []
    monkeypatch.setattr(live_push, "push_topic", lambda *, topic, last_id: found.append((topic, last_id)))
    return lambda draft: [last for topic, last in found if topic == f"draft:{draft.uuid}"]


def test_words_that_begin_and_translations_that_fall_behind_are_told_once(room, draft, text, told):
    room.write(text, "editor", "Бір.")
    assert len(told(draft)) == 1
    russian = draft.texts.get(language="ru")
    room.write(russian, "editor", "Один.")
    assert len(told(draft)) == 2
    room.write(text, "editor", "Екі.")
    room.write(text, "editor", "Үш.")
    room.write(russian, "editor", "Один!")
    assert len(told(draft)) == 3
    mark_up_to_date(access=room.access("editor"), text=russian, seen_revision=3)
    assert len(told(draft)) == 4
    assert len(set(told(draft))) == 3  # the last state is the one before the translation fell behind
    assert drafts_topics.draft_event_id(room.user("editor").pk, str(draft.uuid)) == told(draft)[-1]


def test_who_may_not_read_does_not_hear(room, draft):
    hears = {
        name
        for name in room.seats
        if drafts_topics.may_subscribe_to_draft(room.user(name).pk, str(draft.uuid))
    }
    assert hears == {"reviewer", "contributor", "editor", "coordinator"}
    for strange in ("", "x", str(room.workspace.uuid)):
        assert not drafts_topics.may_subscribe_to_draft(room.user("editor").pk, strange)
        assert drafts_topics.draft_event_id(room.user("editor").pk, strange) == 0
