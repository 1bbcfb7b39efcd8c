"""The media list: who keeps it, who sees how much, what sharing and removing do."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.http import Http404

from coalition.accounts.models import Membership, Office
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs.scheduler import run_due
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.contacts.actions import ContactBook, change_contact, share_contact
from documents.drafts.permissions import may_manage_contacts
from documents.models import Contact, ContactShare
from events.press.actions import mark_contact_removed, undo_contact_removal
from events.press.permissions import may_write_to_press
from events.press.queries import (
    open_contacts,
    outlets_known_to_others,
    restricted_contacts,
    sorted_contact_keys,
)
from tests.events.planning.builders import stage
from tests.events.press.builders import desk, known, make_officer, person
from tests.factories import FreezeFactory, MembershipFactory, OrganisationFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.django_db
KEEPS = {"editor", "coordinator", "officer"}
WRITES = {"coordinator", "officer"}


def names(access) -> list[str]:
    return [one.name for one in open_contacts(access).order_by("pk")]


def test_who_keeps_contacts_and_who_writes_to_them() -> None:
    made = desk()
    for role in made.seats:
        access = made.access(role)
        assert may_manage_contacts(access) == (role in KEEPS), role
        assert may_write_to_press(access) == (role in WRITES), role


def test_an_observer_is_no_press_officer_here_and_an_office_that_ended_counts_no_more() -> None:
    made = desk()
    make_officer(made, "observer")
    assert not may_manage_contacts(made.access("observer"))
    Office.objects.filter(person=made.user("officer")).update(ended_at=now())
    assert not may_manage_contacts(made.access("officer"))


def test_nobody_works_in_an_archived_workspace() -> None:
    made = desk()
    made.workspace.archived_at = now()
    made.workspace.save()
    assert not any(may_manage_contacts(made.access(role)) for role in made.seats)


@pytest.mark.parametrize("how", ["outsider", "ex-member", "frozen"])
def test_without_a_seat_that_counts_there_is_no_desk(how) -> None:
    made = desk()
    who = made.user("officer")
    if how == "outsider":
        who = seat(workspace=WorkspaceFactory()).person
    elif how == "ex-member":
        Membership.objects.filter(person=who).update(ended_at=now())
        MembershipFactory(person=who)
    else:
        FreezeFactory(organisation=made.organisation("officer"), frozen_at=now())
    with pytest.raises(Http404):
        access_to(who, made.workspace.uuid)


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_who_does_not_keep_the_list_adds_nobody(role) -> None:
    made = desk()
    with pytest.raises(NotAllowed):
        known(made.access(role))


def test_everything_that_tells_who_it_is_is_sealed() -> None:
    known(desk().access("editor"), phone="+7 701 Secret", messenger="@secret", name="Secret")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, address, phone, messenger FROM documents_contact")
        assert "ecret" not in str(cursor.fetchall())


def test_the_same_address_is_the_same_contact_and_keeps_what_is_not_said_anew() -> None:
    access = desk().access("editor")
    first = known(access, beats=["law"], regions=["KZ-75"])
    again = known(access, name="Aigerim Omarova", address="PRESS0@outlet.example")
    assert (again.pk, again.name, again.beats, again.regions) == (
        first.pk,
        "Aigerim Omarova",
        ["law"],
        ["KZ-75"],
    )


def test_two_contacts_do_not_get_one_address() -> None:
    access = desk().access("editor")
    known(access)
    other = known(access, 1)
    with pytest.raises(Refused):
        change_contact(access=access, contact=other, person=person(1, address="press0@outlet.example"))


@pytest.mark.parametrize("given", [{"address": ""}, {"name": " \u200b"}, {"outlet": ""}, {"address": "a b"}])
def test_what_is_no_contact_is_refused(given) -> None:
    with pytest.raises(Refused):
        known(desk().access("editor"), **given)
    assert not Contact.objects.exists()


def test_names_bring_no_lines_into_heads_of_mails() -> None:
    contact = known(desk().access("editor"), name="A\r\nBcc: all@x.example", outlet="Q\nTV")
    assert contact.name == "A Bcc: all@x.example"
    assert contact.outlet.name == "Q TV"


def test_others_see_outlet_and_language_until_it_is_shared() -> None:
    made = desk()
    editor, coordinator = made.access("editor"), made.access("coordinator")
    contact = known(editor, name="Saule")
    assert names(coordinator) == []
    assert outlets_known_to_others(coordinator) == [("Qala TV 0", ["en"])]
    assert {"name", "address", "phone"} <= restricted_contacts(coordinator).get().get_deferred_fields()
    share_contact(access=editor, contact=contact, coalition=False, workspace=True)
    assert names(coordinator) == ["Saule"]
    assert outlets_known_to_others(coordinator) == []
    share_contact(access=editor, contact=contact, coalition=False, workspace=False)
    assert names(coordinator) == []


def test_what_is_not_shared_is_not_found_by_what_is_not_told() -> None:
    made = desk()
    known(made.access("editor"), name="Saule", regions=["KZ-75"], beats=["law"])
    coordinator = made.access("coordinator")
    for wanted in ({"region": "KZ-75"}, {"beat": "law"}, {"q": "saule"}):
        assert outlets_known_to_others(coordinator, **wanted) == []
    assert len(outlets_known_to_others(coordinator, q="QALA")) == 1


def test_sharing_with_one_workspace_does_not_reach_another_and_ends_with_taking_part() -> None:
    made, other = desk(), stage()
    contact = known(made.access("editor"))
    share_contact(access=made.access("editor"), contact=contact, coalition=False, workspace=True)
    assert not open_contacts(other.access("editor")).exists()
    made.organisation("editor").participations.update(ended_at=now())
    assert not open_contacts(made.access("coordinator")).exists()


def test_sharing_with_the_coalition_reaches_every_workspace_until_the_owner_leaves() -> None:
    made, other = desk(), stage()
    share_contact(
        access=made.access("editor"), contact=known(made.access("editor")), coalition=True, workspace=False
    )
    assert open_contacts(other.access("editor")).exists()
    owner = made.organisation("editor")
    owner.left_at = now()
    owner.save()
    assert not open_contacts(other.access("editor")).exists()


def test_only_the_owner_changes_shares_and_removes() -> None:
    made = desk()
    contact = known(made.access("editor"))
    share_contact(access=made.access("editor"), contact=contact, coalition=True, workspace=False)
    stranger = made.access("coordinator")
    for act in (
        lambda: change_contact(access=stranger, contact=contact, person=person()),
        lambda: share_contact(access=stranger, contact=contact, coalition=False, workspace=False),
        lambda: mark_contact_removed(access=stranger, contact=contact),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_removing_can_be_undone_for_an_hour_and_forgets_then() -> None:
    access = desk().access("editor")
    contact = known(access, messenger="@a", beats=["law"])
    share_contact(access=access, contact=contact, coalition=False, workspace=True)
    mark_contact_removed(access=access, contact=contact)
    assert names(access) == []
    undo_contact_removal(access=access, contact=contact)
    assert names(access) == ["Aigerim 0"]
    mark_contact_removed(access=access, contact=contact)
    with time_machine.travel(now() + datetime.timedelta(minutes=61)):
        run_due(worker="w")
    contact.refresh_from_db()
    gone = (contact.name, contact.address, contact.phone, contact.messenger, contact.address_print)
    assert gone == ("", "", "", "", "")
    assert contact.beats == []
    assert not ContactShare.objects.exists()
    with pytest.raises(Refused):
        undo_contact_removal(access=access, contact=contact)


def test_it_is_found_by_outlet_name_language_region_and_topic() -> None:
    access = desk().access("editor")
    first = known(access, outlet="Zhetisu", name="Saule", also_reads=["kk"], regions=["KZ-33"])
    second = known(access, 1, outlet="Aqtau", beats=["law"], channels=["tv"])
    for wanted, found in (
        ({}, [second.pk, first.pk]),
        ({"q": "zhet"}, [first.pk]),
        ({"q": "SAULE"}, [first.pk]),
        ({"language": "kk"}, [first.pk]),
        ({"region": "KZ-33"}, [first.pk]),
        ({"beat": "law", "channel": "tv"}, [second.pk]),
        ({"beat": "law", "language": "kk"}, []),
    ):
        assert sorted_contact_keys(open_contacts(access), **wanted) == found, wanted


def test_a_book_of_another_organisation_holds_nobody_of_ours() -> None:
    known(desk().access("editor"))
    assert ContactBook(OrganisationFactory().uuid).contacts == {}
