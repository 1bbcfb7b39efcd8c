"""Lists: who reads what, and as many queries for three as for one."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Language, Listing
from coalition.accounts.naming import viewer_for
from documents.approval.actions.open_round import close_round
from documents.drafts.actions.manage import archive_draft, name_version
from documents.drafts.queries import drafts_for, versions_for
from documents.files.actions import upload_file
from documents.files.queries import files_for
from documents.publication import hooks
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.capability import texts_in_work
from tests.documents.approval.builders import stage
from tests.factories import OrganisationFactory, seat

PDF = b"%PDF-1.7\n%%EOF\n"
ROLES = [
    ("observer", False),
    ("reviewer", True),
    ("contributor", True),
    ("editor", True),
    ("coordinator", True),
]


@pytest.mark.parametrize(("role", "reads"), ROLES)
def test_who_reads_drafts(room, draft, role, reads):
    assert drafts_for(room.user(role)).exists() is reads


def test_nobody_reads_without_signing_in(draft):
    assert not drafts_for(None).exists()
    assert not versions_for(None).exists()
    assert not files_for(None).exists()


def test_a_seat_of_an_observer_does_not_open_what_is_restricted_to_its_organisation(room):
    """A reviewer for one organisation, an observer for the other, reads nothing restricted to the other."""
    reviewer = room.seats["reviewer"]
    room.draft(restricted_to=[room.organisation("editor")])
    seat(reviewer.person, room.workspace, "observer", room.organisation("editor"))
    assert not drafts_for(reviewer.person).exists()


def _draft(room):
    made = room.draft(restricted_to=[room.organisation("editor"), room.organisation("contributor")])
    for language in Language:
        room.write(made.texts.get(language=language))
    return made


def _file(room):
    return upload_file(access=room.access("editor"), content=io.BytesIO(PDF), size=len(PDF), name="list.pdf")


def _count(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("view", "make"), [("drafts", _draft), ("files", _file)])
def test_a_list_takes_as_many_queries_for_three_as_for_one(room, client_of, view, make):
    client = client_of(room.user("editor"))
    address = reverse(f"documents:{view}", args=[room.workspace.uuid])
    make(room)
    one = _count(client, address)
    make(room)
    make(room)
    assert _count(client, address) == one
    assert one <= 30, one


def test_the_page_of_a_text_takes_as_many_queries_for_three_versions_as_for_one(room, text, client_of):
    client = client_of(room.user("editor"))
    counts = []
    for number in range(3):
        text = room.write(text, "editor", f"Words {number}")
        name_version(access=room.access("editor"), text=text, name=f"State {number}")
        counts.append(_count(client, reverse("documents:text", args=[text.draft.uuid, text.language])))
    assert counts[0] == counts[2]
    assert counts[0] <= 44, counts


def test_the_desk_lists_texts_in_work_with_their_languages(room, draft, text, django_assert_num_queries):
    room.write(text)
    archive_draft(access=room.access("editor"), draft=room.draft(title="Put away"))
    user = room.user("reviewer")
    viewer = viewer_for(user)
    with django_assert_num_queries(2):
        (work,) = texts_in_work(user, viewer)
    assert work.title == draft.title
    assert [language.state for language in work.languages] == ["first", "empty", "empty"]
    assert work.changed_by == room.user("editor").name


@pytest.mark.django_db
def test_the_desk_tells_where_a_text_is(monkeypatch):
    monkeypatch.setattr(hooks, "_presenters", [])
    made = stage()

    def state():
        (work,) = texts_in_work(made.coordinator, viewer_for(made.coordinator))
        return work.state, work.public

    assert state() == ("In work", False)
    round_ = made.put()
    assert state() == ("In approval", False)
    made.approve_all(round_)
    publication = publish_approved(access=made.access, round_=round_)
    assert state() == ("Published", True)
    correction = made.put(versions=[made.version("Other words.")])
    assert state() == ("In approval", False)
    close_round(access=made.access, round_=correction)
    withdraw_publication(access=made.access, publication=publication, note="A mistake.")
    assert state() == ("In work", False)


def test_people_of_a_confidential_organisation_are_not_named_beside_texts(room, client_of):
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL, name_en="Hidden canary")
    taken = room.take("editor", name="hidden", organisation=hidden)
    made = room.draft("hidden")
    text = room.write(made.texts.get(language=Language.KK), "hidden")
    pages = [
        reverse("documents:drafts", args=[room.workspace.uuid]),
        text.get_absolute_url(),
        reverse("documents:create", args=[room.workspace.uuid]),
    ]
    client = client_of(room.user("editor"))
    for address in pages:
        page = client.get(address).content.decode()
        assert "Hidden canary" not in page
        assert taken.person.name not in page
    led = client_of(room.user("coordinator")).get(text.get_absolute_url()).content.decode()
    assert "Hidden canary" in led
