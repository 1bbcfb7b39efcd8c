"""Enquiries of the press: whose they are, who answers, who speaks, what is reminded of and forgotten."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail.outbox import deliver_due
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from events.invitations.actions import invite_people
from events.models import Enquiry, EnquiryNote
from events.press.enquiries import actions as enquiries_actions
from events.press.enquiries.models import EnquiryState
from tests.events.planning.builders import planned
from tests.events.press.builders import desk, known
from tests.events.press.builders_voices import enquiry, speaker

pytestmark = pytest.mark.django_db
SENT = {
    "outlet": "Dala TV",
    "name": "Erlan",
    "reached_at": "+7 701 000 00 00",
    "question": "Who pays you?",
    "language": "kk",
    "topic": "law",
    "way": "live",
    "deadline_on": "2026-03-03",
    "deadline_at": "18:00",
    "zone": "Asia/Almaty",
    "mine": "on",
}


@pytest.fixture(autouse=True)
def _tuesday_at_eleven_in_almaty():
    with time_machine.travel("2026-03-03 06:10Z", tick=False):
        yield


@pytest.fixture
def here():
    return desk()


def at(name: str, here, *more: object) -> str:
    return reverse(f"events:{name}", args=[here.workspace.uuid, *more])


def test_from_the_call_to_the_answer(here, client_of) -> None:
    client = client_of(here.user("officer"))
    client.post(at("press_enquiry_add", here), SENT)
    row = Enquiry.objects.get()
    assert row.deadline == datetime.datetime(2026, 3, 3, 13, tzinfo=datetime.UTC)
    assert (row.state, row.taken_by) == (EnquiryState.TAKEN, here.user("officer"))
    page = client.get(at("press_enquiry", here, row.uuid)).content.decode()
    assert "Who pays you?" in page
    assert "18:00, Kazakhstan" in page
    client.post(at("press_enquiry_note", here, row.uuid), {"words": "Wants figures"})
    assert "Wants figures" in client.get(at("press_enquiry", here, row.uuid)).content.decode()
    client.post(at("press_enquiry_act", here, row.uuid), {"act": "answered"})
    row.refresh_from_db()
    assert (row.state, row.ended_by) == (EnquiryState.ANSWERED, here.user("officer"))
    assert "Dala TV" not in client.get(at("press_enquiries", here)).content.decode()
    assert "Dala TV" in client.get(at("press_enquiries", here) + "?state=over").content.decode()


def test_it_is_the_organisations_until_it_is_shared(here, client_of) -> None:
    row = enquiry(here.access("coordinator"), topic="law")
    client = client_of(here.user("editor"))
    page = client.get(at("press_enquiries", here)).content.decode()
    assert "Dala TV" in page
    assert "Law and courts" in page
    for secret in ("Erlan", "Who pays you?", "701 000"):
        assert secret not in page
    assert client.get(at("press_enquiry", here, row.uuid)).status_code == 404
    enquiries_actions.share_enquiry(access=here.access("coordinator"), enquiry=row, shared=True)
    assert "Who pays you?" in client.get(at("press_enquiry", here, row.uuid)).content.decode()
    client.post(at("press_enquiry_act", here, row.uuid), {"act": "take"})
    row.refresh_from_db()
    assert row.taken_for == here.organisation("editor")
    with pytest.raises(Refused):
        enquiries_actions.share_enquiry(access=here.access("coordinator"), enquiry=row, shared=False)
    client.post(at("press_enquiry_act", here, row.uuid), {"act": "give_back"})
    enquiries_actions.share_enquiry(access=here.access("coordinator"), enquiry=row, shared=False)
    assert client.get(at("press_enquiry", here, row.uuid)).status_code == 404
    with pytest.raises(NotAllowed):
        enquiries_actions.claim_enquiry(access=here.access("editor"), enquiry=row)


def test_it_is_not_there_in_another_workspace(here, client_of) -> None:
    row = enquiry(here.access("coordinator"))
    elsewhere = desk()
    client = client_of(elsewhere.user("coordinator"))
    assert client.get(at("press_enquiry", elsewhere, row.uuid)).status_code == 404
    assert client.get(at("press_enquiry", here, row.uuid)).status_code == 404


@pytest.mark.parametrize("name", ["observer", "reviewer", "contributor"])
def test_who_does_not_work_at_the_desk_reads_none(here, client_of, name) -> None:
    row = enquiry(here.access("coordinator"))
    for address in (at("press_enquiries", here), at("press_enquiry", here, row.uuid)):
        answer = client_of(here.user(name)).get(address)
        assert answer.status_code == 403
        assert b"Dala" not in answer.content


def test_overdue_comes_first_and_waits_on_the_desk(here, client_of) -> None:
    access = here.access("officer")
    enquiry(access, "Later FM", hours=30)
    enquiry(access, "Late FM", hours=1, mine=True)
    enquiry(here.access("editor"), "Foreign FM")
    with time_machine.travel("2026-03-03 09:00Z", tick=False):
        client = client_of(here.user("officer"))
        page = client.get(at("press_enquiries", here)).content.decode()
        assert page.index("Late FM") < page.index("Later FM")
        assert "Overdue" in page
        home = client.get("/workspaces/").content.decode()
        assert "Late FM" in home
        assert "Later FM" in home
        assert "Foreign FM" not in home
        assert "Late FM" not in client_of(here.user("reviewer")).get("/workspaces/").content.decode()


def test_who_took_it_is_reminded_before_the_deadline(here, mailoutbox) -> None:
    row = enquiry(here.access("officer"), hours=6, mine=True)
    scheduler.run_due(worker="test")
    assert not Notification.objects.filter(kind="enquiry_due").exists()
    with time_machine.travel("2026-03-03 10:11Z", tick=False):
        scheduler.run_due(worker="test")
        told = Notification.objects.get(kind="enquiry_due")
        assert told.person == here.user("officer")
        deliver_due()
    assert "Dala" not in "".join(mail.subject + mail.body for mail in mailoutbox)
    enquiries_actions.close_enquiry(access=here.access("officer"), enquiry=row)
    enquiries_actions.plan_reminder(Enquiry.objects.get())
    with time_machine.travel("2026-03-03 13:11Z", tick=False):
        assert scheduler.run_due(worker="test") == 0


def test_who_speaks_is_matched_and_what_is_in_the_way_is_told(here, client_of) -> None:
    access = here.access("editor")
    talk = datetime.datetime(2026, 3, 3, 6, 30, tzinfo=datetime.UTC)
    row = enquiry(access, topic="law", region="KZ-75", interview_at=talk, mine=True)
    speaker(access, "Fits", topics=["law"], regions=["KZ-75"], agreed=True)
    invited = speaker(access, person=here.user("editor"), topics=["law"], agreed=True)
    speaker(access, "Russianonly", languages=["ru"], agreed=True)
    secret = speaker(here.access("coordinator"), "Secret", topics=["law"])
    event = planned(access, title="Round table")
    invite_people(access=access, event=event, people=[here.user("editor")])
    client = client_of(here.user("editor"))
    page = client.get(at("press_enquiry", here, row.uuid)).content.decode()
    assert page.index("Fits") < page.index("Russianonly")
    assert "Invited to “Round table en”" in page
    assert "Secret" not in page
    assert "Ask their organisation" in page
    client.post(at("press_enquiry_speaker", here, row.uuid), {"spokesperson": secret.uuid})
    row.refresh_from_db()
    assert row.spokesperson is None
    client.post(at("press_enquiry_speaker", here, row.uuid), {"spokesperson": invited.uuid})
    row.refresh_from_db()
    assert row.spokesperson == invited
    page = client.get(at("press_enquiry", here, row.uuid)).content.decode()
    assert "Something is in the way" in page
    assert client.post(at("press_enquiry_speaker", here, row.uuid), {"spokesperson": "x"}).status_code == 302
    other = enquiry(access, "Other FM", interview_at=talk + datetime.timedelta(minutes=10))
    assert "Another interview" in client.get(at("press_enquiry", here, other.uuid)).content.decode()


def test_a_refusal_has_a_reason(here, client_of) -> None:
    row = enquiry(here.access("officer"))
    client = client_of(here.user("officer"))
    assert client.post(at("press_enquiry_refuse", here, row.uuid), {"reason": " "}).status_code == 422
    client.post(at("press_enquiry_refuse", here, row.uuid), {"reason": "It names a survivor"})
    row.refresh_from_db()
    assert (row.state, row.reason) == (EnquiryState.REFUSED, "It names a survivor")
    client.post(at("press_enquiry_act", here, row.uuid), {"act": "take"})
    row.refresh_from_db()
    assert row.state == EnquiryState.REFUSED
    client.post(at("press_enquiry_act", here, row.uuid), {"act": "open"})
    row.refresh_from_db()
    assert row.state == EnquiryState.TAKEN


def test_who_asked_is_forgotten_a_year_after_the_answer(here) -> None:
    row = enquiry(here.access("officer"))
    enquiries_actions.add_enquiry_note(access=here.access("officer"), enquiry=row, words="Note")
    enquiries_actions.close_enquiry(access=here.access("officer"), enquiry=row, reason="Why")
    enquiries_actions.forget_enquiries()
    row.refresh_from_db()
    assert row.name
    with time_machine.travel("2027-03-04 06:10Z"):
        enquiries_actions.forget_enquiries()
    row.refresh_from_db()
    assert (row.name, row.reached_at, row.question, row.reason, row.outlet) == ("", "", "", "", "Dala TV")
    assert not EnquiryNote.objects.exists()
    with pytest.raises(Refused):
        enquiries_actions.add_enquiry_note(access=here.access("officer"), enquiry=row, words="Note")


def test_somebody_of_the_media_list_asks(here, client_of) -> None:
    contact = known(here.access("officer"))
    client = client_of(here.user("officer"))
    address = f"{at('press_enquiry_add', here)}?contact={contact.uuid}"
    assert "Aigerim 0" in client.get(address).content.decode()
    client.post(address, SENT)
    assert Enquiry.objects.get().contact == contact.uuid
    theirs = f"{at('press_enquiry_add', here)}?contact={contact.uuid}"
    assert "Aigerim 0" not in client_of(here.user("editor")).get(theirs).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"outlet": ""},
        {"outlet": "Dala\r\nBcc: x@example"},
        {"name": "A\nB"},
        {"deadline_on": "2026-03-02"},
        {"deadline_on": "2036-03-02"},
        {"deadline_at": "25:00"},
        {"zone": "Moon/Base"},
        {"topic": "x' OR 1=1"},
        {"interview_on": "2026-03-03"},
        {"question": "x" * 4001},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(here, client_of, wrong) -> None:
    answer = client_of(here.user("officer")).post(at("press_enquiry_add", here), SENT | wrong)
    assert answer.status_code == 422
    assert "701 000 00 00" in answer.content.decode()
    assert not Enquiry.objects.exists()


def test_names_lie_sealed_in_the_database(here) -> None:
    enquiry(here.access("officer"))
    speaker(here.access("officer"), "Ainur", phone="+7 701 555 55 55")
    with connection.cursor() as cursor:
        for table in ("events_enquiry", "events_spokesperson"):
            cursor.execute(f"SELECT * FROM {table}")
            rows = repr(cursor.fetchall())
            for secret in ("Dala", "Erlan", "pays", "Ainur", "701 555 55 55"):
                assert secret not in rows


def test_it_takes_the_same_queries_for_one_and_for_three(here, client_of) -> None:
    client = client_of(here.user("editor"))
    access = here.access("editor")
    first = enquiry(access, mine=True)
    speaker(access, person=here.user("editor"), agreed=True)
    enquiries_actions.add_enquiry_note(access=access, enquiry=first, words="One")
    pages = [at("press_enquiries", here), at("press_enquiry", here, first.uuid), "/workspaces/"]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
        return counts

    one = asked()
    for number in range(2):
        enquiry(access, f"Outlet {number}", mine=True)
        speaker(here.access("coordinator"), f"Ainur{number}", agreed=True)
        enquiries_actions.add_enquiry_note(access=access, enquiry=first, words="More")
    assert asked() == one
