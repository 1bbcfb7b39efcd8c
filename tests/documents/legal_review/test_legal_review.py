"""A lawyer's verdict: what needs one, who gives it, what it lets through, and when it is stale."""

import datetime

import pytest
from django.urls import reverse

from coalition.accounts.models import Language
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.open_round import renew_round
from documents.approval.audit import round_event_id
from documents.approval.queries.rounds import rounds_to_settle
from documents.comments.actions import end_legal_reader, name_legal_reader
from documents.drafts.access import GuestData, NoSuchLink
from documents.drafts.models import GuestPurpose, PublicationState, Verdict
from documents.guests.actions import make_guest_link
from documents.guests.submissions import record_verdict_by_link
from documents.legal_review.actions import mark_for_lawyer, record_verdict
from documents.legal_review.queries import legal_states
from documents.models import Clearance, GuestUse, Publication
from documents.publication.actions import NotPublishable, publish_approved
from documents.publication.embargo.actions import lift_due_embargo, schedule_publication
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat

pytestmark = pytest.mark.django_db
NAMES = "Aigul Nazarova left her work. We ask for a law."


def lawyer(made: Stage):
    taken = seat(workspace=made.workspace, role=SeatRole.REVIEWER)
    reader = name_legal_reader(access=made.access, draft=made.draft, seat=taken)
    return access_to(taken.person, made.workspace.uuid), reader


def verdict(made, access, reader, verdict=Verdict.CLEARED, note="", language="en"):
    text = made.text(language)
    return record_verdict(
        access=access, reader=reader, text=text, digest=text.content_hash, verdict=verdict, note=note
    )


def test_a_text_that_names_a_person_waits_for_the_lawyer_and_an_edit_makes_the_verdict_stale():
    made = stage()
    access, reader = lawyer(made)
    version = made.version(NAMES, "en")
    with pytest.raises(Refused, match="because it names a person: English"):
        made.put(versions=[version])
    verdict(made, access, reader, Verdict.WITH_CHANGES, "Leave the name out.")
    with pytest.raises(Refused, match="with changes only: English"):
        made.put(versions=[version])
    verdict(made, access, reader, Verdict.NOT_CLEARED, "She did not agree.")
    with pytest.raises(Refused, match="has not cleared these words: English"):
        made.put(versions=[version])
    verdict(made, access, reader)
    newer = made.version(f"{NAMES} Today.", "en")
    (state,) = legal_states(made.draft)
    assert (state.verdict, state.before.verdict) == (None, Verdict.CLEARED)
    with pytest.raises(Refused, match="A lawyer has to read"):
        made.put(versions=[newer])
    verdict(made, access, reader)
    round_ = made.put(versions=[newer])
    changed = made.version(f"{NAMES} Tomorrow.", "en")
    with pytest.raises(Refused, match="A lawyer has to read"):
        renew_round(access=made.access, round_=round_, versions=[changed], acknowledged=True)


def test_who_edits_marks_a_text_that_names_nobody():
    made = stage()
    made.version("We ask for a law.", "en")
    mark_for_lawyer(access=made.access, draft=made.draft, needed=True)
    with pytest.raises(Refused, match="somebody who edits it has marked it"):
        made.put("kk")
    reviewer = access_to(seat(workspace=made.workspace, role=SeatRole.REVIEWER).person, made.workspace.uuid)
    with pytest.raises(NotAllowed):
        mark_for_lawyer(access=reviewer, draft=made.draft, needed=False)


def test_one_lawyer_who_says_no_is_not_outvoted():
    made = stage()
    (one, his), (other, hers) = lawyer(made), lawyer(made)
    made.version(NAMES, "en")
    verdict(made, one, his, Verdict.NOT_CLEARED, "No.")
    verdict(made, other, hers)
    (state,) = legal_states(made.draft)
    assert state.verdict == Verdict.NOT_CLEARED
    assert not state.is_free


def test_only_the_legal_reader_gives_a_verdict_and_only_on_the_words_that_stand():
    made = stage()
    access, reader = lawyer(made)
    made.version(NAMES, "en")
    with pytest.raises(NotAllowed):
        verdict(made, made.access, reader)
    read = made.text("en").content_hash
    made.write("Other words.", "en")
    with pytest.raises(Refused, match="changed the text while you read"):
        record_verdict(
            access=access, reader=reader, text=made.text("en"), digest=read, verdict=Verdict.CLEARED, note=""
        )
    with pytest.raises(Refused, match="Say what has to change"):
        verdict(made, access, reader, Verdict.NOT_CLEARED)
    end_legal_reader(access=made.access, reader=reader)
    with pytest.raises(NotAllowed):
        verdict(made, access, reader)
    assert not Clearance.objects.exists()


def link_for(made, purpose):
    guest = GuestData("Canary Lawyer", "lawyer@tests.example", Language.EN)
    _link, token = make_guest_link(
        access=made.access, draft=made.draft, guest=guest, purpose=purpose, reason="Reads it"
    )
    return token


def test_a_lawyer_without_an_account_clears_by_the_guest_link():
    made = stage()
    made.version(NAMES, "en")
    text = made.text("en")
    given = {"text": text, "digest": text.content_hash, "verdict": Verdict.CLEARED}
    with pytest.raises(NoSuchLink):
        record_verdict_by_link(token=link_for(made, GuestPurpose.READ), **given)
    record_verdict_by_link(token=link_for(made, GuestPurpose.LEGAL), **given)
    assert legal_states(made.draft)[0].is_free
    assert GuestUse.objects.get().act == "cleared"
    told = Notification.objects.get(kind="legal_verdict")
    assert told.person == made.coordinator
    assert "Canary" not in str(told.detail)


def test_the_pages_tell_the_note_to_the_coordinator_and_the_lawyer_alone(client_of):
    made = stage()
    access, _reader = lawyer(made)
    made.version(NAMES, "en")
    page = reverse("documents:legal", args=[made.draft.uuid])
    lawyers = client_of(access.user)
    assert b"en-digest" in lawyers.get(page).content
    sent = {"en-digest": made.text("en").content_hash, "en-verdict": "changes", "en-note": "Canarynote."}
    answer = lawyers.post(reverse("documents:legal_verdict", args=[made.draft.uuid, "en"]), sent)
    assert answer.status_code == 302
    assert b"Canarynote" in lawyers.get(page).content
    assert b"Canarynote" in client_of(made.coordinator).get(page).content
    reviewer = seat(workspace=made.workspace, role=SeatRole.REVIEWER).person
    seen = client_of(reviewer).get(page).content
    assert b"Cleared with changes" in seen
    assert b"Canarynote" not in seen
    put = client_of(made.coordinator).get(reverse("documents:put", args=[made.draft.uuid]))
    assert b"a lawyer has not cleared these words" in put.content
    assert (
        lawyers.post(
            reverse("documents:legal_verdict", args=[made.draft.uuid, "en"]), {**sent, "en-note": ""}
        ).status_code
        == 422
    )


def test_the_guest_gives_the_verdict_on_the_page(client):
    made = stage()
    made.version(NAMES, "en")
    token = link_for(made, GuestPurpose.LEGAL)
    client.post(reverse("guest", args=[token]))
    page = client.get(reverse("guest_text", args=[token, "en"])).content
    assert b"verdict-digest" in page
    sent = {"verdict-digest": made.text("en").content_hash, "verdict-verdict": "cleared", "verdict-note": ""}
    address = reverse("guest_verdict", args=[token, "en"])
    assert client.post(address, {**sent, "verdict-digest": "0" * 64}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert Clearance.objects.get().guest_name == "Canary Lawyer"


@pytest.mark.usefixtures("no_pages")
@pytest.mark.parametrize("said", [Verdict.NOT_CLEARED, Verdict.WITH_CHANGES])
def test_a_lawyer_who_says_no_after_it_was_put_stops_the_publication(said):
    made = stage()
    (one, his), (other, hers) = lawyer(made), lawyer(made)
    version = made.version(NAMES, "en")
    verdict(made, one, his)
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    at = now() + datetime.timedelta(hours=1)
    planned = schedule_publication(access=made.access, round_=round_, at=at)
    before = round_event_id(made.coordinator.pk, str(round_.uuid))
    verdict(made, other, hers, said, "She asks for it.")
    assert round_event_id(made.coordinator.pk, str(round_.uuid)) != before, "open matrices look again"
    for act in (
        lambda: publish_approved(access=made.access, round_=round_),
        lambda: schedule_publication(access=made.access, round_=round_, at=at + datetime.timedelta(hours=1)),
    ):
        with pytest.raises(NotPublishable, match="has not cleared these words"):
            act()
    with freeze_clock_at(at + datetime.timedelta(seconds=1)):
        Publication.objects.filter(pk=planned.pk).update(scheduled_at=now() - datetime.timedelta(hours=2))
        lift_due_embargo(str(planned.uuid), {})
    planned.refresh_from_db()
    assert planned.state == PublicationState.PLANNED
    assert [row.lacks for row in rounds_to_settle(made.coordinator)] == [True]
    verdict(made, other, hers)
    publish_approved(access=made.access, round_=round_)
