"""The names behind a live text: told to each viewer as they may be told, unknown ones to nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing
from coalition.core.clock import now
from coalition.workspaces.models import Notification, Seat
from documents.drafts.live.resolve import suggestion_id
from tests.documents.conftest import suggest
from tests.factories import OrganisationFactory, UserFactory


def _people(client, draft):
    return client.get(reverse("documents:people", args=[draft.uuid])).json()


def test_who_takes_part_is_named(room, draft, client_of):
    answer = _people(client_of(room.user("reviewer")), draft)
    editor, organisation = room.user("editor"), room.organisation("editor")
    assert answer["people"][str(editor.uuid)] == {"name": editor.name, "initials": editor.initials}
    assert answer["organisations"][str(organisation.uuid)]["hue"] == organisation.hue


def test_who_wrote_and_left_is_named_still(room, text, client_of):
    gone = room.take("editor", name="gone")
    room.write(text, "gone")
    Seat.objects.filter(pk=gone.pk).update(ended_at=now())
    answer = _people(client_of(room.user("editor")), text.draft)
    assert answer["people"][str(gone.person.uuid)]["name"] == gone.person.name


def test_who_left_and_wrote_nothing_here_is_named_no_more(room, draft, client_of):
    gone = room.take("editor", name="gone")
    Seat.objects.filter(pk=gone.pk).update(ended_at=now())
    answer = _people(client_of(room.user("editor")), draft)
    assert str(gone.person.uuid) not in answer["people"]
    assert gone.person.name not in str(answer)


def test_in_whose_name_a_file_was_taken_in_is_named_without_ever_having_a_seat(room, text, client_of):
    author, theirs = UserFactory(), OrganisationFactory()
    identity = suggestion_id(person=author.uuid, organisation=theirs.uuid, at=now(), counter=1)
    suggest(room, room.write(text), "editor", " more", identity=identity)
    answer = _people(client_of(room.user("editor")), text.draft)
    assert answer["people"][str(author.uuid)]["name"] == author.name
    assert str(theirs.uuid) in answer["organisations"]


def test_names_that_must_not_be_told_are_not(room, draft, client_of):
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL, name_en="Hidden canary")
    taken = room.take("editor", name="hidden", organisation=hidden)
    both = room.take("reviewer", name="both")
    Seat.objects.create(person=both.person, organisation=hidden, workspace=room.workspace, role="reviewer")
    client = client_of(room.user("reviewer"))
    answer = _people(client, draft)
    assert "Hidden canary" not in str(answer)
    assert answer["organisations"][str(hidden.uuid)]["initials"] == ""
    assert taken.person.name not in str(answer)
    assert answer["people"][str(taken.person.uuid)]["initials"] == "?"
    # Named for one of both organisations, the person would tell who the other is.
    assert answer["people"][str(both.person.uuid)]["name"] == "Somebody of this workspace"
    told = _people(client_of(room.user("coordinator")), draft)
    assert told["organisations"][str(hidden.uuid)]["name"] == "Hidden canary"
    assert told["people"][str(both.person.uuid)]["name"] == both.person.name


@pytest.mark.parametrize("name", ["observer", "outsider"])
def test_who_may_not_read_gets_nothing(room, draft, client_of, name):
    user = UserFactory() if name == "outsider" else room.user(name)
    answer = client_of(user).get(reverse("documents:people", args=[draft.uuid]))
    assert answer.status_code in {403, 404, 302}
    assert room.user("editor").name not in answer.content.decode()


def test_as_many_queries_for_three_as_for_one(room, text, client_of):
    client = client_of(room.user("editor"))

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _people(client, text.draft)
        return len(queries)

    room.write(text)
    _people(client, text.draft)
    one = count()
    for number in range(2):
        room.take("editor", name=f"more{number}")
        room.write(text, f"more{number}", f"Words {number}")
        suggest(room, text, "reviewer", " more")
    Notification.objects.all().delete()  # opening a draft looks for what one was told of it
    assert count() == one
