"""Who hears that there is something new in which threads: even when is told to nobody else."""

import pytest

from coalition import live_push
from coalition.realtime.bus import TOPIC
from documents.comments.actions import CommentGuest, end_legal_reader, start_thread_as_guest
from documents.comments.notifications import may_subscribe_to_comments, topics_of_thread
from documents.drafts.models import Audience
from tests.documents.comments.builders import begin, begin_legal
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def heard(room, topic):
    identity = topic.removeprefix("comments:")
    return {name for name, seat in room.seats.items() if may_subscribe_to_comments(seat.person_id, identity)}


def test_a_topic_is_heard_by_who_may_read_its_threads(room, text):
    room.take("reviewer", name="lawyer")
    (everyone,) = topics_of_thread(begin(room, text, "editor"))
    (ours,) = topics_of_thread(begin(room, text, "reviewer", audience=Audience.ORGANISATION))
    thread = begin_legal(room, text, "lawyer")
    coordinators, lawyers = topics_of_thread(thread)
    assert heard(room, everyone) == {"reviewer", "contributor", "editor", "coordinator", "lawyer"}
    assert heard(room, ours) == {"reviewer"}
    assert heard(room, coordinators) == {"coordinator"}
    assert heard(room, lawyers) == {"lawyer"}
    guest = start_thread_as_guest(guest=CommentGuest(UserFactory().uuid, "Aizada"), text=text, body="Libel")
    assert topics_of_thread(guest) == [coordinators]
    end_legal_reader(access=room.access("coordinator"), reader=thread.reader)
    assert heard(room, lawyers) == set()
    for topic in (everyone, ours, coordinators, lawyers):
        assert TOPIC.fullmatch(topic)
        assert len(live_push.topic_group(topic)) < 100


@pytest.mark.parametrize("strange", ["", "x", "{text}.x", "{text}.", ".legal", "{text}.legal.legal"])
def test_strange_topics_are_heard_by_nobody_new(room, text, strange):
    who = {
        name
        for name, seat in room.seats.items()
        if may_subscribe_to_comments(seat.person_id, strange.format(text=text.uuid))
    }
    assert who in (set(), {"reviewer", "contributor", "editor", "coordinator"})
    assert who == set() or strange == "{text}."
