"""The page of a draft's guests: who sees it, making a link, its address shown once, taking back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from uuid_utils.compat import uuid7

from documents.drafts.actions.manage import archive_draft, change_draft, name_version
from documents.drafts.models import GuestAct, GuestPurpose, Handling
from documents.guests.actions import use_guest_link
from documents.guests.queries import link_of_token
from documents.models import GuestLink
from tests.documents.guests.builders import EMAIL, NAME, REASON, invite
from tests.factories import seat

SENT = {
    "name": NAME,
    "email": EMAIL,
    "language": "ru",
    "purpose": "legal",
    "what": "draft",
    "days": "7",
    "reason": REASON,
}


@pytest.fixture
def draft(room, text):
    room.write(text)
    return text.draft


def address(draft, name="guests", *more):
    return reverse(f"documents:{name}", args=[draft.uuid, *more])


def mark(room, draft, handling, by="editor"):
    change_draft(access=room.access(by), draft=draft, title="X", kind=draft.kind, handling=handling)


def test_a_coordinator_makes_a_link_and_sees_its_address_once(room, draft, client_of):
    client = client_of(room.user("coordinator"))
    answer = client.post(address(draft), SENT)
    assert answer.status_code == 200
    token = answer.context["address"].rsplit("/", 2)[1]
    made = link_of_token(token)
    assert (made.name, made.email, made.language, made.purpose) == (NAME, EMAIL, "ru", GuestPurpose.LEGAL)
    assert answer.context["address"] in answer.content.decode()
    page = client.get(address(draft)).content.decode()
    assert token not in page
    assert NAME in page
    assert REASON in page
    assert "Not used yet" in page


@pytest.mark.parametrize("what", ["kk", "version"])
def test_a_link_can_be_to_one_language_or_version(room, draft, text, client_of, what):
    text.refresh_from_db()
    version = name_version(access=room.access("editor"), text=text, name="As agreed")
    sent = SENT | {"what": str(version.uuid) if what == "version" else "kk"}
    assert client_of(room.user("coordinator")).post(address(draft), sent).status_code == 200
    made = GuestLink.objects.get()
    assert (made.text, made.version) == ((None, version) if what == "version" else (text, None))


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"email": "x"}, {"what": "en"}, {"days": "400"}, {"reason": " "}, {"purpose": "x"}],
)
def test_what_is_wrong_is_said_and_nothing_is_made(room, draft, client_of, wrong):
    answer = client_of(room.user("coordinator")).post(address(draft), SENT | wrong)
    assert answer.status_code == 422
    assert not GuestLink.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("observer", 404), ("reviewer", 403), ("contributor", 403), ("editor", 200), ("coordinator", 200)],
)
def test_who_sees_the_guests(room, draft, client_of, role, status):
    link, _token = invite(room, draft)
    client = client_of(room.user(role))
    for where in (address(draft), address(draft, "guest_uses", link.uuid)):
        answer = client.get(where)
        assert answer.status_code == status
        assert (NAME in answer.content.decode()) == (status == 200)
    expected = 302 if status == 200 else status
    assert client.post(address(draft, "guest_revoke", link.uuid)).status_code == expected


def test_people_without_a_seat_find_nothing(room, draft, client_of):
    link, _token = invite(room, draft)
    client = client_of(seat(role="coordinator").person)
    for name, more in (("guests", []), ("guest_uses", [link.uuid])):
        assert client.get(address(draft, name, *more)).status_code == 404
    for name, more in (("guests", []), ("guest_renew", [link.uuid]), ("guest_revoke", [link.uuid])):
        assert client.post(address(draft, name, *more), SENT).status_code == 404
    assert GuestLink.objects.filter(ended_at=None).count() == 1


def test_a_link_of_another_draft_is_not_found_here(room, draft, client_of):
    link, token = invite(room, room.draft())
    client = client_of(room.user("coordinator"))
    for name in ("guest_renew", "guest_revoke"):
        assert client.post(address(draft, name, link.uuid)).status_code == 404
    assert client.get(address(draft, "guest_uses", uuid7())).status_code == 404
    assert link_of_token(token) is not None


@pytest.mark.parametrize(
    ("role", "handling", "said"),
    [
        ("editor", Handling.WORKSPACE, "only a coordinator can let somebody"),
        ("editor", Handling.ORGANISATION, "a guest is somebody else"),
        ("editor", Handling.NAMED_PEOPLE, "a guest is somebody else"),
    ],
)
def test_where_no_link_can_be_made_the_page_says_why(room, draft, client_of, role, handling, said):
    mark(room, draft, handling)
    client = client_of(room.user(role))
    page = client.get(address(draft)).content.decode()
    assert said in page
    assert 'name="email"' not in page
    assert client.post(address(draft), SENT).status_code == 403
    assert not GuestLink.objects.exists()


def test_under_a_public_mark_nobody_has_to_say_why(room, draft, client_of):
    mark(room, draft, Handling.PUBLIC, by="coordinator")
    client = client_of(room.user("editor"))
    assert 'name="reason"' not in client.get(address(draft)).content.decode()
    assert client.post(address(draft), SENT | {"reason": ""}).status_code == 200


def test_taking_back_and_renewing_by_the_page(room, draft, client_of):
    link, token = invite(room, draft)
    client = client_of(room.user("coordinator"))
    answer = client.post(address(draft, "guest_renew", link.uuid))
    another = answer.context["address"].rsplit("/", 2)[1]
    assert (link_of_token(token), link_of_token(another)) == (None, link)
    client.post(address(draft, "guest_revoke", link.uuid))
    assert link_of_token(another) is None
    page = client.get(address(draft)).content.decode()
    assert "Ended" in page
    assert "taken back" in page
    assert address(draft, "guest_renew", link.uuid) not in page
    again = client.post(address(draft, "guest_renew", link.uuid), follow=True)
    assert "ended for good" in again.content.decode()


def test_what_was_done_with_a_link_is_listed(room, draft, client_of):
    link, token = invite(room, draft)
    use_guest_link(token=token, act=GuestAct.OPENED)
    use_guest_link(token=token, act=GuestAct.READ, language="kk")
    page = client_of(room.user("editor")).get(address(draft, "guest_uses", link.uuid)).content.decode()
    for said in ("Opened by pressing the button", "The text was read", "Қазақша", EMAIL, REASON):
        assert said in page


def test_that_a_guest_commented_is_told_to_coordinators_alone(room, draft, client_of):
    """Nobody else hears even when somebody wrote in a narrower thread."""
    link, token = invite(room, draft, purpose=GuestPurpose.LEGAL)
    use_guest_link(token=token, act=GuestAct.READ, language="kk")
    use_guest_link(token=token, act=GuestAct.COMMENTED, language="kk")
    for name, heard in (("editor", False), ("coordinator", True)):
        client = client_of(room.user(name))
        page = client.get(address(draft, "guest_uses", link.uuid)).content.decode()
        assert "The text was read" in page
        assert ("A comment was written" in page) is heard
        assert ("Used 2 times" in client.get(address(draft)).content.decode()) is heard


def test_a_link_that_opens_nothing_because_of_its_maker_is_said_so(room, draft, client_of):
    room.take("coordinator", name="second")
    invite(room, draft, "second")
    room.seats["second"].delete()
    room.take("coordinator", name="third")
    _link, _token = invite(room, draft, "third")
    taken = room.seats["third"]
    taken.role = "editor"
    taken.save()
    page = client_of(room.user("coordinator")).get(address(draft)).content.decode()
    assert "who made it could not make it any more" in page


def test_every_reader_sees_how_many_read_by_a_link(room, draft, text, client_of):
    invite(room, draft)
    invite(room, draft)
    for role, links in (("reviewer", 0), ("editor", 1)):
        page = client_of(room.user(role)).get(text.get_absolute_url()).content.decode()
        assert "2 guests read it" in page
        assert page.count(f'href="{address(draft)}"') == links
        assert NAME not in page
    archive_draft(access=room.access("editor"), draft=draft)
    assert (
        "guests read it" not in client_of(room.user("editor")).get(text.get_absolute_url()).content.decode()
    )


def test_the_page_takes_as_many_queries_for_three_links_as_for_one(room, draft, client_of):
    client = client_of(room.user("coordinator"))
    counts = []
    for expected in (1, 3):
        while GuestLink.objects.count() < expected:
            invite(room, draft)
        client.get(address(draft))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(draft))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30, counts
