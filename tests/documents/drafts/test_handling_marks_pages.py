"""Marking on the pages: who chooses what, naming people, what is refused in words."""

import io

import pytest
from django.urls import reverse

from coalition.accounts.models import Listing
from documents.drafts.models import Handling, TextKind
from documents.files.actions import upload_file
from documents.models import Draft, StoredFile
from tests.factories import OrganisationFactory

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SENT = {"title": "On Article 123", "kind": TextKind.STATEMENT}


def settings_of(draft):
    return reverse("documents:draft_settings", args=[draft.uuid])


def test_people_are_named_on_the_settings_page(room, draft, client_of):
    client = client_of(room.user("coordinator"))
    seat = room.seats["reviewer"]
    page = client.get(settings_of(draft)).content.decode()
    assert f"{seat.person.name}, {seat.organisation.name_en}" in page
    assert room.user("observer").name not in page  # sees no drafts here
    sent = {**SENT, "handling": Handling.NAMED_PEOPLE, "named_people": [str(seat.uuid)]}
    assert client.post(settings_of(draft), sent).status_code == 302
    named = {
        room.user(name) for name in ("coordinator", "editor", "reviewer")
    }  # who marks, who made, who is named
    assert set(draft.named_people.all()) == named
    page = client.get(settings_of(draft)).content.decode()
    assert page.count('name="named_people"') - page.count("checked") == 1  # all but the contributor


def test_a_draft_begins_for_named_people(room, client_of):
    new = reverse("documents:create", args=[room.workspace.uuid])
    sent = {
        **SENT,
        "first_language": "kk",
        "handling": Handling.NAMED_PEOPLE,
        "named_people": [str(room.seats["reviewer"].uuid)],
    }
    assert client_of(room.user("contributor")).post(new, sent).status_code == 302
    assert set(Draft.objects.get().named_people.all()) == {room.user("contributor"), room.user("reviewer")}


def test_an_editor_is_offered_no_names_and_may_only_narrow(room, client_of):
    draft = room.draft("contributor", handling=Handling.COALITION)
    client = client_of(room.user("editor"))
    page = client.get(settings_of(draft)).content.decode()
    assert 'name="named_people"' not in page
    assert 'name="restricted_to"' not in page
    assert client.post(settings_of(draft), {**SENT, "handling": Handling.WORKSPACE}).status_code == 302
    answer = client.post(settings_of(draft), {**SENT, "handling": Handling.PUBLIC})
    assert answer.status_code == 403
    assert "say who reads it" in answer.content.decode()


def test_what_would_shut_the_person_out_is_said(room, draft, client_of):
    answer = client_of(room.user("coordinator")).post(
        settings_of(draft), {**SENT, "handling": Handling.ORGANISATION}
    )
    assert answer.status_code == 422
    assert "you could not open it yourself" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.handling == Handling.WORKSPACE


def test_names_that_must_not_be_told_are_not_offered(room, draft, client_of):
    hidden = OrganisationFactory(
        listing=Listing.CONFIDENTIAL, **dict.fromkeys(("name_kk", "name_ru", "name_en"), "Canaryhidden")
    )
    taken = room.take("reviewer", name="hidden", organisation=hidden)
    page = client_of(room.user("editor")).get(settings_of(draft)).content.decode()
    assert str(taken.uuid) in page
    assert "Canaryhidden" not in page
    assert taken.person.name not in page


@pytest.fixture
def file(room):
    return upload_file(access=room.access("editor"), content=io.BytesIO(PDF), size=len(PDF), name="list.pdf")


@pytest.mark.parametrize(
    ("role", "handling", "status"),
    [
        ("editor", Handling.NAMED_PEOPLE, 302),  # brought it
        ("second", Handling.NAMED_PEOPLE, 403),
        ("second", Handling.PUBLIC, 403),
        ("coordinator", Handling.PUBLIC, 302),
        ("coordinator", Handling.ORGANISATION, 422),
    ],
)
def test_a_file_is_marked_as_a_draft_is(room, file, client_of, role, handling, status):
    room.take("editor", name="second")
    sent = {"alt": "", "caption": "", "credit": "", "handling": handling}
    assert client_of(room.user(role)).post(file.get_absolute_url(), sent).status_code == status
    file.refresh_from_db()
    assert file.handling == (handling if status == 302 else Handling.WORKSPACE)


def test_a_file_for_named_people_is_for_them(room, client_of):
    client = client_of(room.user("editor"))
    sent = {
        "file": io.BytesIO(PDF),
        "handling": Handling.NAMED_PEOPLE,
        "named_people": [str(room.seats["reviewer"].uuid)],
    }
    sent["file"].name = "list.pdf"
    assert client.post(reverse("documents:files", args=[room.workspace.uuid]), sent).status_code == 302
    file = StoredFile.objects.get()
    for name, status in (("editor", 200), ("reviewer", 200), ("coordinator", 404)):
        assert client_of(room.user(name)).get(file.get_absolute_url()).status_code == status
