"""The handling mark says who reads a draft: mark × role × the doors of the domain."""

import pytest

from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.queries import activity_for
from documents.approval.actions.open_round import close_round
from documents.approval.queries.rounds import asked_of
from documents.drafts.actions.manage import change_draft, create_draft
from documents.drafts.models import Handling
from documents.drafts.permissions import may_export, may_mark, may_read_draft, may_restrict
from documents.drafts.queries import drafts_for, people_of, seats_reading
from documents.models import Draft
from tests.documents.approval.builders import stage
from tests.documents.conftest import Room
from tests.factories import WorkspaceFactory

READERS = {
    Handling.NAMED_PEOPLE: {"editor", "reviewer"},
    Handling.ORGANISATION: {"editor", "colleague"},
    Handling.WORKSPACE: {"editor", "reviewer", "colleague", "contributor", "coordinator"},
    Handling.COALITION: {"editor", "reviewer", "colleague", "contributor", "coordinator"},
    Handling.PUBLIC: {"editor", "reviewer", "colleague", "contributor", "coordinator"},
}
EVERYONE = [*SeatRole.values, "colleague"]


def mark(room: Room, draft: Draft, handling: Handling, by: str = "editor", **given: object) -> Draft:
    return change_draft(
        access=room.access(by), draft=draft, title=draft.title, kind=draft.kind, handling=handling, **given
    )


@pytest.fixture
def draft(room):
    """Made by the editor, whose organisation has one more person here; an observer of it sees no drafts."""
    room.take("reviewer", name="colleague", organisation=room.organisation("editor"))
    return room.draft()


@pytest.fixture
def other_room(room):
    made = Room(WorkspaceFactory())
    made.take("editor")
    return made


@pytest.mark.parametrize("handling", list(Handling))
def test_the_mark_says_who_reads(room, draft, handling):
    people = [room.user("reviewer")] if handling == Handling.NAMED_PEOPLE else None
    mark(room, draft, handling, named_people=people)
    draft.refresh_from_db()
    heard = {name for name in EVERYONE if activity_for(room.user(name)).filter(subject=draft.uuid).exists()}
    listed = {name for name in EVERYONE if drafts_for(room.user(name)).filter(pk=draft.pk).exists()}
    allowed = {name for name in EVERYONE if may_read_draft(room.access(name), draft)}
    taken = {name for name in EVERYONE if may_export(room.access(name), draft)}
    written_to = {person.pk for person in people_of(seats_reading(draft))}
    assert heard == listed == allowed == taken == READERS[handling]
    assert written_to == {room.user(name).pk for name in READERS[handling]}


def test_named_people_are_a_list_with_its_makers_on_it(room, draft):
    mark(room, draft, Handling.NAMED_PEOPLE, named_people=[])
    assert set(draft.named_people.all()) == {room.user("editor")}
    mark(room, draft, Handling.NAMED_PEOPLE, named_people=[room.user("coordinator")])
    assert set(draft.named_people.all()) == {room.user("editor"), room.user("coordinator")}
    mark(room, draft, Handling.NAMED_PEOPLE)  # saying nothing of people keeps them
    assert draft.named_people.count() == 2
    mark(room, draft, Handling.WORKSPACE)
    assert not draft.named_people.exists()


def test_a_draft_can_begin_for_named_people(room):
    draft = create_draft(
        access=room.access("contributor"),
        title="For two",
        handling=Handling.NAMED_PEOPLE,
        named_people=[room.user("editor")],
    )
    assert {seat.person for seat in seats_reading(draft)} == {room.user("contributor"), room.user("editor")}
    assert not activity_for(room.user("coordinator")).filter(subject=draft.uuid).exists()


def test_only_who_could_see_drafts_here_can_be_named(room, draft, other_room):
    for stranger in (room.user("observer"), other_room.user("editor")):
        with pytest.raises(Refused, match="no seat here"):
            mark(room, draft, Handling.NAMED_PEOPLE, named_people=[stranger])
    draft.refresh_from_db()
    assert draft.handling == Handling.WORKSPACE


def test_a_named_person_without_a_seat_reads_nothing(room, draft):
    mark(room, draft, Handling.NAMED_PEOPLE, named_people=[room.user("reviewer")])
    room.seats["reviewer"].delete()
    assert not drafts_for(room.user("reviewer")).filter(pk=draft.pk).exists()


def test_naming_does_not_open_what_is_for_other_organisations(room, draft):
    listed = [room.organisation("editor"), room.organisation("contributor")]
    with pytest.raises(Refused, match="no seat here"):
        mark(
            room,
            draft,
            Handling.NAMED_PEOPLE,
            restricted_to=listed,
            named_people=[room.user("reviewer")],
        )


def test_nobody_marks_themselves_out(room, draft):
    with pytest.raises(Refused, match="another organisation"):
        mark(room, draft, Handling.ORGANISATION, by="coordinator")
    mark(room, draft, Handling.NAMED_PEOPLE, by="coordinator")
    assert room.user("coordinator") in draft.named_people.all()


def test_who_acts_for_two_organisations_reads_in_the_name_of_the_right_one(room, draft):
    """Two seats, one of them for the draft's organisation: the list shows it, acting asks in whose name."""
    mark(room, draft, Handling.ORGANISATION)
    other = room.take("editor", name="twice")
    taken = room.take("editor", name="second", organisation=room.organisation("editor"))
    taken.person, old = other.person, taken.person
    taken.save()
    old.memberships.update(person=other.person)
    draft.refresh_from_db()
    assert not may_read_draft(room.access("twice"), draft)


@pytest.mark.parametrize(
    ("role", "mark_before", "mark_after", "expected"),
    [
        ("editor", Handling.WORKSPACE, Handling.COALITION, False),
        ("editor", Handling.COALITION, Handling.WORKSPACE, True),
        ("editor", Handling.PUBLIC, Handling.COALITION, True),
        ("editor", Handling.WORKSPACE, Handling.NAMED_PEOPLE, False),
        ("coordinator", Handling.WORKSPACE, Handling.PUBLIC, True),
        ("coordinator", Handling.WORKSPACE, Handling.NAMED_PEOPLE, True),
        ("contributor", Handling.WORKSPACE, Handling.PUBLIC, True),  # made it
        ("contributor", Handling.WORKSPACE, Handling.NAMED_PEOPLE, True),
        ("reviewer", Handling.PUBLIC, Handling.WORKSPACE, False),
    ],
)
def test_opening_and_naming_are_for_who_says_who_reads(room, role, mark_before, mark_after, expected):
    draft = room.draft("contributor", handling=mark_before)
    assert may_mark(room.access(role), draft, mark_after) == expected
    if role != "reviewer" and not expected:
        assert not may_restrict(room.access(role), draft)
        with pytest.raises(NotAllowed, match="say who reads it"):
            mark(room, draft, mark_after, by=role)


def test_what_was_told_before_goes_with_the_mark(room, draft):
    """The reviewer heard of the draft; once it is for its organisation alone, that is heard no more."""
    assert activity_for(room.user("reviewer")).filter(subject=draft.uuid).exists()
    mark(room, draft, Handling.ORGANISATION)
    assert not activity_for(room.user("reviewer")).filter(subject=draft.uuid).exists()
    mark(room, draft, Handling.WORKSPACE)
    assert activity_for(room.user("reviewer")).filter(subject=draft.uuid).exists()


def test_open_sockets_look_again(room, draft, monkeypatch, django_capture_on_commit_callbacks):
    sent: list[str] = []
    monkeypatch.setattr("coalition.live_push._group_send", lambda group, _message: sent.append(group))
    with django_capture_on_commit_callbacks(execute=True):
        mark(room, draft, Handling.ORGANISATION)
    assert f"live.person.{room.user('reviewer').pk}" in sent


def test_a_seat_elsewhere_for_the_same_organisation_hears_nothing(room, draft, other_room):
    """Somebody sits here for one organisation and elsewhere for the draft's own."""
    mark(room, draft, Handling.ORGANISATION)
    other_room.take("reviewer", name="ours", organisation=room.organisation("editor"))
    both = room.user("reviewer")
    elsewhere = other_room.seats["ours"]
    elsewhere.person.memberships.update(person=both)
    elsewhere.person = both
    elsewhere.save()
    assert not activity_for(both, room.workspace).filter(subject=draft.uuid).exists()


def test_named_people_cannot_be_put_to_others(db):
    made = stage()
    version = made.version("We ask for a law.")
    change_draft(
        access=made.access, draft=made.draft, title="X", kind=made.draft.kind, handling=Handling.NAMED_PEOPLE
    )
    with pytest.raises(Refused, match="named people only"):
        made.put(versions=[version])


def test_what_is_for_one_organisation_is_put_to_it_alone(db):
    made = stage()
    version = made.version("We ask for a law.")
    change_draft(
        access=made.access, draft=made.draft, title="X", kind=made.draft.kind, handling=Handling.ORGANISATION
    )
    with pytest.raises(Refused, match="not open to this organisation"):
        made.put(versions=[version])
    assert made.put(versions=[version], organisations=made.organisations[:1])


@pytest.mark.parametrize("handling", [Handling.NAMED_PEOPLE, Handling.ORGANISATION])
def test_what_is_put_to_approval_is_not_hidden_from_those_asked(db, handling):
    made = stage()
    round_ = made.put()
    approver = made.representatives[made.organisations[1].pk]
    with pytest.raises(Refused, match="put to approval"):
        change_draft(access=made.access, draft=made.draft, title="X", kind=made.draft.kind, handling=handling)
    assert asked_of(approver).filter(round=round_).exists()
    close_round(access=made.access, round_=round_)
    change_draft(access=made.access, draft=made.draft, title="X", kind=made.draft.kind, handling=handling)
    assert not asked_of(approver).filter(round=round_).exists()
    assert asked_of(made.coordinator).filter(round=round_).exists()
