"""The pages of the safety plan."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing
from events.models import SafetyPerson, SafetyPlan
from events.production.models import PhotoRule, SafetyRole
from events.production.safety.actions import write_safety_plan
from tests.events.planning.builders import press_conference, stage
from tests.factories import OrganisationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def at(name: str, event) -> str:
    return reverse(f"events:{name}", args=[event.uuid])


def test_a_plan_is_written_and_read_on_the_day(here, event, client_of) -> None:
    client = client_of(here.user())
    assert "0 of 5 named" in client.get(event.get_absolute_url()).content.decode()
    assert "Nobody yet" in client.get(at("safety", event)).content.decode()
    sent = {
        "photo_rule": "stage",
        "photo_words_kk": "Сары таспа",
        "no_photo_seats": "12",
        "no_photo_where": "Rows 1 and 2",
        "note": "Call the lawyer",
        "steward_name": "Steward Person",
        "steward_phone": "+7 701",
        "steward_organisation": str(here.organisation().uuid),
        "address_for_confirmed": "on",
    }
    assert client.post(at("safety_change", event), sent).status_code == 302
    page = client.get(at("safety", event)).content.decode()
    for words in ("Steward Person", "tel:+7 701", "12 seats: Rows 1 and 2", "Call the lawyer", "Сары таспа"):
        assert words in page
    event.refresh_from_db()
    assert event.address_for_confirmed
    form = client.get(at("safety_change", event)).content.decode()
    assert 'value="Steward Person"' in form
    assert "1 of 5 named" in client.get(event.get_absolute_url()).content.decode()


def test_what_was_typed_stays(here, event, client_of) -> None:
    sent = {"steward_phone": "+7 701 55", "no_photo_seats": "-1", "note": "Long words"}
    answer = client_of(here.user()).post(at("safety_change", event), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say whose phone this is." in page
    assert "Long words" in page
    assert "+7 701 55" in page
    assert not SafetyPlan.objects.exists()


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("observer", 403, 403),
        ("reviewer", 200, 403),
        ("contributor", 200, 403),
        ("editor", 200, 302),
        ("coordinator", 200, 302),
    ],
)
def test_who_reads_and_who_writes(here, event, client_of, role, reads, writes) -> None:
    client = client_of(here.user(role))
    assert client.get(at("safety", event)).status_code == reads
    assert client.post(at("safety_change", event), {"steward_name": "A"}).status_code == writes


def test_the_public_page_tells_the_rule_and_nothing_else(here, event, client) -> None:
    safety = {
        "photo_rule": PhotoRule.WITH_CONSENT,
        "photo_words": {"kk": "Сары таспа"},
        "no_photo_where": "Canarywhere",
        "no_photo_seats": 4,
        "note": "Canarynote",
        "people": {SafetyRole.STEWARD: {"name": "Canaryname", "phone": "Canaryphone"}},
    }
    write_safety_plan(access=here.access(), event=event, **safety)
    page = client.get(f"/en/events/{event.slug}/").content.decode()
    assert "People are photographed only with their consent" in page
    assert '<span lang="kk">Сары таспа</span>' in page
    assert "Canary" not in page


def test_a_withheld_organisation_is_not_named_to_who_must_not_know_it(here, event, client_of) -> None:
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL, name_en="Canaryhost")
    ParticipationFactory(workspace=here.workspace, organisation=hidden)
    people = {SafetyRole.LAWYER: {"name": "A", "organisation": hidden}}
    write_safety_plan(access=here.access(), event=event, people=people)
    assert "Canaryhost" not in client_of(here.user("reviewer")).get(at("safety", event)).content.decode()


def test_the_page_asks_as_often_whoever_is_named(here, event, client_of) -> None:
    client = client_of(here.user())
    counts = []
    for roles in (list(SafetyRole)[:1], list(SafetyRole)):
        people = {role: {"name": "A", "organisation": here.organisation()} for role in roles}
        write_safety_plan(access=here.access(), event=event, people=people)
        client.get(at("safety", event))
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(at("safety", event))
        counts.append(len(found))
    assert SafetyPerson.objects.count() == 5
    assert counts[0] == counts[1]


def test_readiness_follows_the_plan(here, event, client_of) -> None:
    client = client_of(here.user())
    page = client.get(event.get_absolute_url()).content.decode()
    assert "Nobody is named yet as: Steward, Lawyer on call, First aid" in page
    assert "There is no rule yet for photographs" in page
    people = {role: {"name": "A"} for role in SafetyRole}
    safety = {"people": people, "photo_rule": PhotoRule.NONE, "no_photo_seats": 0}
    write_safety_plan(access=here.access(), event=event, **safety)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "Nobody is named yet" not in page
    assert "There is no rule yet" not in page
    assert "There are no seats yet" not in page


def test_words_that_tell_a_held_address_are_found(here, event, client_of) -> None:
    text = event.texts.get(language="ru")
    text.text = f"Ждём вас: {text.address.upper()}"
    text.save()
    client = client_of(here.user())
    sentence = "The address is only for the confirmed, and what it is about tells it"
    assert sentence not in client.get(event.get_absolute_url()).content.decode()
    write_safety_plan(access=here.access(), event=event, address_for_confirmed=True)
    assert sentence in client.get(event.get_absolute_url()).content.decode()
