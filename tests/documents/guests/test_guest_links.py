"""Guest links: who makes one under which mark, what ends one, and that every use is written down."""

import datetime
import json

import pytest
import time_machine
from django.core import mail
from django.db import connection

from coalition.accounts.actions.memberships import end_membership
from coalition.accounts.models import MembershipRole
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.workspaces.actions import seats
from coalition.workspaces.actions.workspaces import (
    archive_workspace,
    confirm_freeze,
    confirm_thaw,
    end_participation,
    request_freeze,
    request_thaw,
)
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.access import GuestLinkOverused, NoSuchLink
from documents.drafts.actions.manage import archive_draft, change_draft, name_version, unarchive_draft
from documents.drafts.models import GuestAct, GuestEnd, GuestPurpose, Handling
from documents.guests.actions import (
    MAX_LIFETIME_DAYS,
    MOST_AN_HOUR,
    renew_guest_link,
    revoke_guest_link,
    use_guest_link,
)
from documents.guests.capability import erase_link_guests
from documents.guests.queries import guest_links_of, link_of_token
from documents.guests.submissions import comment_by_link
from documents.models import Comment, GuestLink, GuestUse
from tests.documents.guests.builders import EMAIL, NAME, invite

ROLES = ["observer", "reviewer", "contributor", "editor", "coordinator"]
MAKERS = {
    Handling.NAMED_PEOPLE: set(),
    Handling.ORGANISATION: set(),
    Handling.WORKSPACE: {"coordinator"},
    Handling.COALITION: {"editor", "coordinator"},
    Handling.PUBLIC: {"editor", "coordinator"},
}


def change(room, draft, by="coordinator", **given):
    draft.refresh_from_db()
    asked = {"title": draft.title, "kind": draft.kind, "handling": Handling(draft.handling), **given}
    return change_draft(access=room.access(by), draft=draft, **asked)


@pytest.fixture
def draft(room, text):
    room.write(text)
    return text.draft


@pytest.fixture
def link(room, draft):
    """Made by a coordinator beside the one of the room, who ends it in many ways."""
    room.take("coordinator", name="second")
    return invite(room, draft, "second")


@pytest.mark.parametrize("handling", list(Handling))
@pytest.mark.parametrize("role", ROLES)
def test_who_makes_a_link_under_which_mark(room, handling, role):
    by = role if role == "editor" or handling != Handling.ORGANISATION else "editor"
    draft = room.draft(by="contributor" if role == "contributor" else "editor", handling=handling)
    draft.named_people.set([room.user(name) for name in ROLES])
    if role in MAKERS[handling]:
        _made, token = invite(room, draft, by)
        assert link_of_token(token) is not None
    else:
        with pytest.raises((NotAllowed, Refused)):
            invite(room, draft, by)
        assert not GuestLink.objects.exists()


@pytest.mark.parametrize(
    ("handling", "said"),
    [
        (Handling.NAMED_PEOPLE, "“Named people only”: a guest is somebody else"),
        (Handling.ORGANISATION, "“My organisation only”: a guest is somebody else"),
        (Handling.WORKSPACE, "“This workspace only”: only a coordinator can"),
    ],
)
def test_why_no_link_can_be_made_is_said(room, handling, said):
    with pytest.raises(Refused, match=said):
        invite(room, room.draft("editor", handling=handling), "editor")


@pytest.mark.parametrize(("handling", "asked"), [("amber", True), ("green", True), ("clear", False)])
def test_under_a_narrower_mark_somebody_writes_down_why(room, handling, asked):
    draft = room.draft(handling=Handling(handling))
    if asked:
        with pytest.raises(Refused, match="write down why"):
            invite(room, draft, reason="  ")
    else:
        assert link_of_token(invite(room, draft, reason="")[1]) is not None


def test_the_database_holds_neither_token_nor_name_nor_address(room, draft):
    link, token = invite(room, draft)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM documents_guestlink")
        row = json.dumps([str(value) for value in cursor.fetchone()])
        cursor.execute("SELECT * FROM outbox_outboxmail")
        waiting = json.dumps([str(value) for value in cursor.fetchall()])
    for secret in (token, NAME, EMAIL):
        assert secret not in row
        assert secret not in waiting
    entries = json.dumps([str(entry.detail) for entry in AuditEntry.objects.all()])
    assert str(link.uuid) in entries
    assert token not in entries
    assert NAME not in entries
    assert NAME not in str(link)


def test_the_mail_holds_the_link_and_nothing_of_the_text(room, draft):
    _link, token = invite(room, draft, language="ru")
    deliver_due()
    (sent,) = mail.outbox
    everything = sent.subject + sent.body + str(sent.alternatives[0].content)
    assert sent.to == [EMAIL]
    assert f"/guest/{token}/" in sent.body
    for secret in (
        "Article 123",
        "Twelve organisations",
        "We ask for a law",
        draft.title,
        room.workspace.title,
    ):
        assert secret not in everything
    assert not OutboxMail.objects.filter(state=OutboxMail.State.WAITING).exists()


def test_a_link_holds_for_a_fortnight_at_most_for_two_months(room, draft):
    link, _token = invite(room, draft)
    assert datetime.timedelta(days=13) < link.expires_at - now() <= datetime.timedelta(days=14)
    invite(room, draft, days=MAX_LIFETIME_DAYS)
    for days in (0, -3, MAX_LIFETIME_DAYS + 1):
        with pytest.raises(Refused, match="at most 60 days"):
            invite(room, draft, days=days)


def test_what_belongs_to_another_draft_cannot_be_opened(room, draft):
    other = room.draft()
    text = other.texts.get(language="kk")
    room.write(text)
    version = name_version(access=room.access("editor"), text=text, name="Other")
    for given in ({"text": text}, {"version": version}):
        with pytest.raises(Refused, match="another draft"):
            invite(room, draft, **given)


def test_a_version_is_not_edited(room, draft):
    version = name_version(
        access=room.access("editor"), text=draft.texts.get(language="kk"), name="As agreed"
    )
    with pytest.raises(Refused, match="does not change any more"):
        invite(room, draft, version=version, purpose=GuestPurpose.WORD)
    assert invite(room, draft, version=version, purpose=GuestPurpose.LEGAL)


def freeze_maker(room, draft):
    asked = request_freeze(
        by=room.user("coordinator"), organisation=room.organisation("second"), reason="A phone was lost"
    )
    third = room.take("coordinator", name="third")
    return confirm_freeze(by=third.person, freeze=asked)


def leave_organisation(room, draft):
    membership = room.user("second").memberships.get()
    end_membership(by=room.user("second"), membership=membership)


ENDS = {
    "seat taken": lambda room, _draft: seats.end_seat(
        access=room.access("coordinator"), seat=room.seats["second"]
    ),
    "role too small": lambda room, _draft: seats.change_seat_role(
        access=room.access("coordinator"), seat=room.seats["second"], role="editor"
    ),
    "membership ended": leave_organisation,
    "organisation left": lambda room, _draft: end_participation(
        access=room.access("coordinator"), organisation=room.organisation("second")
    ),
    "organisation frozen": freeze_maker,
    "draft archived": lambda room, draft: archive_draft(access=room.access("coordinator"), draft=draft),
    "workspace archived": lambda room, _draft: archive_workspace(access=room.access("coordinator")),
    "draft for others": lambda room, draft: change(
        room, draft, "coordinator", restricted_to=[room.organisation("coordinator")]
    ),
    "mark named people": lambda room, draft: change(room, draft, handling=Handling.NAMED_PEOPLE),
    "mark my organisation": lambda room, draft: change(room, draft, "editor", handling=Handling.ORGANISATION),
}


@pytest.mark.parametrize("what", list(ENDS))
def test_a_link_ends_at_once_with_what_it_hangs_on(room, draft, link, what):
    made, token = link
    assert link_of_token(token) == made
    ENDS[what](room, draft)
    assert link_of_token(token) is None
    with pytest.raises(NoSuchLink):
        use_guest_link(token=token, act=GuestAct.READ)
    assert not GuestUse.objects.exists()


def test_a_link_ends_with_its_time(room, draft, link):
    made, token = link
    with time_machine.travel(made.expires_at - datetime.timedelta(seconds=1), tick=False):
        assert link_of_token(token) == made
    with time_machine.travel(made.expires_at, tick=False):
        assert link_of_token(token) is None


def test_an_archived_draft_that_is_brought_back_has_its_links_again(room, draft, link):
    archive_draft(access=room.access("coordinator"), draft=draft)
    unarchive_draft(access=room.access("coordinator"), draft=draft)
    assert link_of_token(link[1]) == link[0]


def test_a_narrower_mark_ends_links_for_good(room, draft, link):
    change(room, draft, "editor", handling=Handling.ORGANISATION)
    change(room, draft, "editor", handling=Handling.PUBLIC)
    assert link_of_token(link[1]) is None
    link[0].refresh_from_db()
    assert link[0].ended_why == GuestEnd.MARK
    assert AuditEntry.objects.filter(action="guest.ended", detail__guest=str(link[0].uuid)).count() == 1


def test_a_narrower_mark_leaves_links_that_it_allows(room, draft):
    change(room, draft, handling=Handling.PUBLIC)
    open_one, bare = invite(room, draft), invite(room, draft, "editor", reason="")
    change(room, draft, handling=Handling.COALITION)
    assert link_of_token(open_one[1]) is not None
    assert link_of_token(bare[1]) is None  # nobody had written down why


def test_a_thaw_does_not_bring_links_back(room, draft, link):
    asked = freeze_maker(room, draft)
    request_thaw(by=room.user("coordinator"), freeze=asked)
    confirm_thaw(by=room.user("third"), freeze=asked)
    assert room.access("second")
    assert link_of_token(link[1]) is None
    _made, token = invite(room, draft, "second")
    assert link_of_token(token) is not None


def test_a_seat_that_is_given_again_does_not_bring_links_back(room, draft, link):
    seats.end_seat(access=room.access("coordinator"), seat=room.seats["second"])
    seats.give_seat(
        access=room.access("coordinator"),
        person=room.user("second"),
        organisation=room.organisation("second"),
        role="coordinator",
    )
    assert link_of_token(link[1]) is None


@pytest.mark.parametrize("role", ROLES)
def test_who_takes_a_link_back(room, draft, link, role):
    made, token = link
    if role in {"editor", "coordinator"}:
        revoke_guest_link(access=room.access(role), link=made)
        revoke_guest_link(access=room.access(role), link=made)  # twice is one
        assert AuditEntry.objects.filter(action="guest.ended").count() == 1
        assert link_of_token(token) is None
    else:
        with pytest.raises(NotAllowed):
            revoke_guest_link(access=room.access(role), link=made)
        assert link_of_token(token) is not None


def test_links_are_taken_back_in_the_archive_too(room, draft, link):
    archive_draft(access=room.access("coordinator"), draft=draft)
    revoke_guest_link(access=room.access("editor"), link=link[0])
    unarchive_draft(access=room.access("coordinator"), draft=draft)
    assert link_of_token(link[1]) is None


def test_renewing_gives_another_link_and_ends_the_one_before(room, draft, link):
    made, token = link
    seats.end_seat(access=room.access("coordinator"), seat=room.seats["second"])
    renewed, another = renew_guest_link(access=room.access("coordinator"), link=made)
    assert renewed.uuid == made.uuid  # the same guest, with the same threads
    assert renewed.made_by == room.user("coordinator")
    assert link_of_token(token) is None
    assert link_of_token(another) == made


def test_mail_that_still_waits_goes_with_its_link(room, draft, link):
    """Mail may be down for half an hour: what comes later must not bring a link that opens nothing."""
    waiting = OutboxMail.objects.filter(template="documents/guest_link")
    renew_guest_link(access=room.access("coordinator"), link=link[0])
    assert waiting.count() == 1
    revoke_guest_link(access=room.access("coordinator"), link=link[0])
    assert not waiting.exists()


def test_what_was_taken_back_is_not_renewed(room, draft, link):
    revoke_guest_link(access=room.access("editor"), link=link[0])
    with pytest.raises(Refused, match="ended for good"):
        renew_guest_link(access=room.access("coordinator"), link=link[0])


def test_every_use_is_written_down(room, draft, link):
    made, token = link
    use_guest_link(token=token, act=GuestAct.OPENED)
    use_guest_link(token=token, act=GuestAct.READ, language="kk")
    assert list(made.uses.values_list("act", "language")) == [("read", "kk"), ("opened", "")]
    entry = AuditEntry.objects.get(action="guest.opened")
    assert entry.actor is None
    assert entry.workspace == room.workspace.uuid
    assert entry.detail["guest"] == str(made.uuid)


def test_a_use_holds_no_network_address():
    assert {field.name for field in GuestUse._meta.fields} == {"id", "link", "act", "language", "at"}


@pytest.mark.parametrize("token", ["", "x", "unknown", "ә" * 43, "a" * 5000, "\x00"])
def test_what_was_never_a_token_opens_nothing(link, token):
    with pytest.raises(NoSuchLink):
        use_guest_link(token=token, act=GuestAct.READ)


def test_a_link_that_is_used_like_a_program_is_held_back_for_an_hour(room, draft, link):
    made, token = link
    limit = MOST_AN_HOUR[GuestAct.DOWNLOADED]
    GuestUse.objects.bulk_create(
        GuestUse(link=made, act=GuestAct.DOWNLOADED, at=now()) for _number in range(limit)
    )
    with pytest.raises(GuestLinkOverused):
        use_guest_link(token=token, act=GuestAct.DOWNLOADED)
    use_guest_link(token=token, act=GuestAct.READ)  # reading has a count of its own
    with time_machine.travel(now() + datetime.timedelta(minutes=61)):
        use_guest_link(token=token, act=GuestAct.DOWNLOADED)


def test_the_list_of_links_is_one_query(room, draft, django_assert_num_queries):
    for expected in (1, 3):
        while GuestLink.objects.count() < expected:
            _made, token = invite(room, draft)
            use_guest_link(token=token, act=GuestAct.READ)
        with django_assert_num_queries(1):
            rows = list(guest_links_of(draft, acts=list(GuestAct)))
            assert [(row.counts, row.use_count) for row in rows] == [(True, 1)] * expected


def test_a_representative_without_a_right_to_edit_makes_no_link(room, draft):
    room.user("reviewer").memberships.update(role=MembershipRole.REPRESENTATIVE)
    with pytest.raises(NotAllowed):
        invite(room, draft, "reviewer")


def test_guests_are_named_for_a_year_after_their_link_ended(room, draft):
    old, token = invite(room, draft, purpose=GuestPurpose.LEGAL)
    text = draft.texts.select_related("draft").get(language="kk")
    comment_by_link(token=token, text=text, body="The article is another one.")
    longer, _token = invite(room, draft, days=60)
    assert erase_link_guests() == 0
    with time_machine.travel(old.expires_at + datetime.timedelta(days=370)):
        assert erase_link_guests() == 2  # the link, and what was said by it
        assert erase_link_guests() == 0
    old.refresh_from_db()
    longer.refresh_from_db()
    assert (old.name, old.email, longer.name) == ("", "", NAME)
    said = Comment.objects.get()
    assert (said.guest_name, said.body) == ("", "The article is another one.")
