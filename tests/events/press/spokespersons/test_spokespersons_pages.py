"""Spokespersons: who is told of them, their consent, their hours, and what is in their way."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed
from events.invitations.actions import invite_people
from events.models import Spokesperson
from events.press.spokespersons import actions as spokespersons_actions
from events.press.spokespersons.actions import agree_to_be_named, spokesperson_token, withdraw_naming_consent
from tests.events.planning.builders import planned
from tests.events.press.builders import desk
from tests.events.press.builders_voices import speaker

pytestmark = pytest.mark.django_db
ALL_WEEK = {
    "weekdays": list("0123456"),
    "begins": datetime.time(9),
    "ends": datetime.time(18),
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


def page_for(client_of, here, name: str, query: str = "") -> str:
    return client_of(here.user(name)).get(at("press_speakers", here) + query).content.decode()


def test_others_learn_who_it_is_only_from_the_person_themselves(here, client_of) -> None:
    row = speaker(here.access("coordinator"), "Ainur", topics=["law"], hours_note="in the evening")
    own, other = (page_for(client_of, here, name) for name in ("coordinator", "editor"))
    assert "Ainur" in own
    assert "Ainur" not in other
    assert "in the evening" not in other
    assert "Kazakh" in other
    assert "Law and courts" in other
    agree_to_be_named(spokesperson=row, with_phone=False)
    assert "Ainur" in page_for(client_of, here, "editor")
    withdraw_naming_consent(spokesperson=row)
    assert "Ainur" not in page_for(client_of, here, "editor")


def test_the_number_is_another_consent(here, client_of) -> None:
    row = speaker(here.access("coordinator"), phone="+7 701 555 55 55", agreed=True)
    assert "555 55 55" in page_for(client_of, here, "officer")
    assert "555 55 55" not in page_for(client_of, here, "editor")
    agree_to_be_named(spokesperson=row, with_phone=True)
    assert "555 55 55" in page_for(client_of, here, "editor")
    assert "@speaks.example" not in page_for(client_of, here, "editor")


def test_a_name_is_not_told_where_the_organisation_is_not(here, client_of) -> None:
    hidden = here.organisation("coordinator")
    hidden.listing = Listing.CONFIDENTIAL
    hidden.save()
    speaker(here.access("coordinator"), "Ainur", agreed=True)
    page = page_for(client_of, here, "editor")
    assert "Ainur" not in page
    assert hidden.name_in("en") not in page


@pytest.mark.parametrize(
    ("name", "status"),
    [("observer", 403), ("reviewer", 403), ("contributor", 403), ("officer", 200), ("editor", 200)],
)
def test_the_press_desk_reads_them(here, client_of, name, status) -> None:
    speaker(here.access("coordinator"), agreed=True)
    answer = client_of(here.user(name)).get(at("press_speakers", here))
    assert answer.status_code == status
    assert (b"Ainur" in answer.content) == (status == 200)


def test_nobody_changes_those_of_another_organisation(here, client_of) -> None:
    row = speaker(here.access("coordinator"), agreed=True)
    client = client_of(here.user("editor"))
    assert client.get(at("press_speaker", here, row.uuid)).status_code == 404
    for name in ("press_speaker_ask", "press_speaker_remove", "press_speaker_restore"):
        assert client.post(at(name, here, row.uuid)).status_code == 404
    with pytest.raises(NotAllowed):
        spokespersons_actions.remove_spokesperson(access=here.access("editor"), spokesperson=row)
    elsewhere = desk()
    client = client_of(elsewhere.user("coordinator"))
    assert client.get(at("press_speaker", elsewhere, row.uuid)).status_code == 404


def test_somebody_without_an_account_agrees_by_the_link_in_the_mail(here, client, mailoutbox) -> None:
    phone = "+7 701 555 55 55"
    row = speaker(here.access("coordinator"), "Ainur", phone=phone, writes_in="en")
    deliver_due()
    link = re.search(r"/speaking/\S+/", mailoutbox[0].body)[0]
    page = client.get(link)
    assert "Ainur" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    row.refresh_from_db()
    assert not row.is_named  # mail scanners open links
    client.post(link, {"act": "agree", "phone": "on"})
    row.refresh_from_db()
    assert (row.is_named, row.gives_phone) == (True, True)
    client.post(link, {"act": "take_back"})
    row.refresh_from_db()
    assert (row.is_named, row.gives_phone) == (False, False)
    page = client.post(link, {"act": "erase"}).content.decode()
    assert "deleted" in page
    assert not Spokesperson.objects.exists()
    assert client.get(link, follow=True).status_code == 404
    assert row.token_hash != spokesperson_token(row)


def test_a_member_agrees_on_their_own_page_and_nobody_else_for_them(here, client_of) -> None:
    member = here.user("officer")
    row = speaker(here.access("coordinator"), person=member)
    assert OutboxMail.objects.filter(person=member.uuid, template="events/speaking_asked").exists()
    url = reverse("events:speaking_answer", args=[row.uuid])
    assert client_of(here.user("coordinator")).post(url, {"act": "agree"}).status_code == 404
    assert "I may be named" in client_of(member).get(reverse("events:speaking")).content.decode()
    client_of(member).post(url, {"act": "agree"})
    row.refresh_from_db()
    assert row.is_named
    member.memberships.update(ended_at=datetime.datetime(2026, 3, 3, tzinfo=datetime.UTC))
    assert member.name not in page_for(client_of, here, "editor")


def test_another_address_is_another_person_to_ask(here, client) -> None:
    row = speaker(here.access("coordinator"), agreed=True)
    before = reverse("speaking_link", args=[spokesperson_token(row)])
    row = spokespersons_actions.change_spokesperson(
        access=here.access("coordinator"), spokesperson=row, address="other@speaks.example"
    )
    assert not row.is_named
    assert client.get(before, follow=True).status_code == 404
    assert client.get(reverse("speaking_link", args=[spokesperson_token(row)])).status_code == 200


def test_asking_has_an_end(here) -> None:
    access = here.access("coordinator")
    row = speaker(access)
    spokespersons_actions.ask_spokesperson_again(access=access, spokesperson=row)
    spokespersons_actions.ask_spokesperson_again(access=access, spokesperson=row)
    with pytest.raises(Refused):
        spokespersons_actions.ask_spokesperson_again(access=access, spokesperson=row)


def test_who_does_not_agree_within_thirty_days_is_deleted(here) -> None:
    speaker(here.access("coordinator"), "Silent")
    speaker(here.access("coordinator"), "Agreed", agreed=True)
    speaker(here.access("coordinator"), person=here.user("officer"))
    with time_machine.travel("2026-04-03 06:10Z"):
        spokespersons_actions.forget_unconfirmed_spokespersons()
    assert sorted(row.own_name for row in Spokesperson.objects.all()) == ["", "Agreed"]


def test_removed_is_undone_within_the_hour_and_then_gone(here, client_of) -> None:
    access = here.access("coordinator")
    row = speaker(access, agreed=True)
    client = client_of(here.user("coordinator"))
    client.post(at("press_speaker_remove", here, row.uuid))
    assert "Ainur" not in page_for(client_of, here, "editor")
    client.post(at("press_speaker_restore", here, row.uuid))
    assert "Ainur" in page_for(client_of, here, "editor")
    spokespersons_actions.remove_spokesperson(access=access, spokesperson=row)
    spokespersons_actions.forget_removed_spokesperson(str(row.uuid), {})
    assert not Spokesperson.objects.exists()


def test_who_can_speak_now_in_kazakh(here, client_of) -> None:
    access = here.access("editor")
    free, busy = here.user("editor"), here.access("coordinator")
    speaker(access, person=free, agreed=True, **ALL_WEEK)
    invited = speaker(busy, person=here.user("coordinator"), agreed=True, **ALL_WEEK)
    speaker(access, "Evening", agreed=True, **{**ALL_WEEK, "begins": datetime.time(17)})
    speaker(access, "Unknown", agreed=True)
    speaker(access, "Englishonly", agreed=True, **{**ALL_WEEK, "languages": ["en"]})
    event = planned(access, title="Round table")  # 3 March, 11:00 to 12:00
    invite_people(access=access, event=event, people=[here.user("coordinator")])
    page = page_for(client_of, here, "officer", "?can_now=on&language=kk")
    assert free.name in page
    for name in (invited.name, "Evening", "Unknown", "Englishonly"):
        assert f"<b>{name}</b>" not in page
        assert f">{name}</a>" not in page
    everyone = page_for(client_of, here, "officer")
    assert "Busy now" in everyone
    assert "Round table" in everyone


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_name": "", "address": ""},
        {"own_name": "Ainur\nBcc: all@example", "address": "a@speaks.example"},
        {"own_name": "Ainur", "address": "a@speaks.example", "languages": []},
        {
            "own_name": "Ainur",
            "address": "a@speaks.example",
            "weekdays": ["1"],
            "begins": "18:00",
            "ends": "09:00",
        },
        {"own_name": "Ainur", "address": "a@speaks.example", "phone": "javascript:alert(1)"},
        {"own_name": "Ainur", "address": "a@speaks.example", "topics": ["nothing"]},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(here, client_of, wrong) -> None:
    sent = {"languages": ["kk"], "zone": "Asia/Almaty", "hours_note": "Kept words", **wrong}
    answer = client_of(here.user("editor")).post(at("press_speaker_add", here), sent)
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert not Spokesperson.objects.exists()


def test_a_member_of_another_organisation_is_no_choice(here, client_of) -> None:
    with pytest.raises(Refused):
        speaker(here.access("coordinator"), person=here.user("editor"))
    sent = {"member": here.user("editor").uuid, "languages": ["kk"], "zone": "Asia/Almaty"}
    assert client_of(here.user("coordinator")).post(at("press_speaker_add", here), sent).status_code == 422


def test_it_takes_the_same_queries_for_one_and_for_three(here, client_of) -> None:
    client: Client = client_of(here.user("editor"))
    access = here.access("editor")

    def asked() -> int:
        client.get(at("press_speakers", here))
        with CaptureQueriesContext(connection) as queries:
            client.get(at("press_speakers", here))
        return len(queries)

    speaker(access, person=here.user("editor"), agreed=True)
    one = asked()
    for number in range(3):
        speaker(here.access("coordinator"), f"Ainur{number}", agreed=number < 2)
    assert asked() == one
