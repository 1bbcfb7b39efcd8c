"""The pages of partners' calendars: by file to the month, with the reasons in words, for whom they are."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.jobs.scheduler import run_due
from events.models import PartnerCalendar
from tests.events.partner_calendars.calendars import calendar, vevent
from tests.events.partner_calendars.test_partner_calendars import by_file, good
from tests.events.planning.builders import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return stage()


def address(scene, name: str = "partner_calendars", made: PartnerCalendar | None = None) -> str:
    given = [scene.workspace.uuid, made.uuid] if made else [scene.workspace.uuid]
    return reverse(f"events:{name}", args=given)


def sent(scene, **more) -> dict:
    return {
        "organisation": scene.organisation().pk,
        "name": "Their calendar",
        "zone": "Asia/Almaty",
        "region": "KZ-75",
        **more,
    }


def test_from_file_to_shown(scene, client_of):
    client = client_of(scene.user())
    file = SimpleUploadedFile(
        "a.ics", calendar(good(), vevent("UID:x", "SUMMARY:Broken", "RRULE:FREQ=SECONDLY"))
    )
    answer = client.post(address(scene), sent(scene, file=file), follow=True)
    page = answer.content.decode()
    assert "The calendar is being read" in page
    assert "A good event" not in page
    run_due(worker="test")
    made = PartnerCalendar.objects.get()
    done = client.get(address(scene, "partner_calendar_progress", made))
    assert done["HX-Refresh"] == "true"
    page = client.get(address(scene, "partner_calendar", made)).content.decode()
    assert "A good event" in page
    assert "Broken" not in page
    aside = client.get(address(scene, "partner_calendar", made), {"state": "set-aside"}).content.decode()
    assert "The event has no start." in aside
    ticked = {"decision": "show", "event": [str(made.events.get(title="A good event").uuid), "nonsense"]}
    page = client.post(address(scene, "partner_calendar_review", made), ticked, follow=True).content.decode()
    assert "1 event is shown." in page
    page = client.post(address(scene, "partner_calendar_undo", made), follow=True).content.decode()
    assert "A good event" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Give either an address or a file."),
        ({"address": "http://partner.example/a.ics"}, "Give an address that begins with https."),
        (
            {"file": SimpleUploadedFile("a.ics", b"x" * (10 * 1024 * 1024 + 1))},
            "The file is larger than 10 MB.",
        ),
    ],
)
def test_what_cannot_be_taken_is_said(scene, client_of, given, words):
    answer = client_of(scene.user()).post(address(scene), sent(scene, **given))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PartnerCalendar.objects.exists()


def test_who_sees_what(scene, client_of):
    made = by_file(scene, calendar(good(title="Canary")))
    for role, status in {"observer": 404, "reviewer": 200, "contributor": 200, "coordinator": 200}.items():
        client = client_of(scene.user(role))
        for page in (address(scene), address(scene, "partner_calendar", made)):
            assert client.get(page).status_code == status
    stranger = client_of(stage().user("coordinator"))
    acts = ["review", "undo", "only_times", "words", "read", "remove", "restore", "progress"]
    for act in acts:
        page = address(scene, f"partner_calendar_{act}", made)
        assert stranger.post(page).status_code in {404, 405}
        assert client_of(scene.user("observer")).post(page).status_code in {404, 405}
    for act in ("review", "only_times", "words", "read", "remove"):
        page = address(scene, f"partner_calendar_{act}", made)
        assert client_of(scene.user("contributor")).post(page, {"decision": "show_all"}).status_code == 403
    elsewhere = stage()
    wrong = reverse("events:partner_calendar", args=[elsewhere.workspace.uuid, made.uuid])
    assert client_of(elsewhere.user("coordinator")).get(wrong).status_code == 404


def test_remove_with_undo_and_busy_only(scene, client_of):
    client = client_of(scene.user())
    made = by_file(scene, calendar(good(title="Canary")))
    page = client.post(address(scene, "partner_calendar_only_times", made), follow=True).content.decode()
    assert "Canary" not in page
    assert "Busy times only" in page
    page = client.post(address(scene, "partner_calendar_words", made), follow=True).content.decode()
    assert "The words of this file were not kept." in page
    page = client.post(address(scene, "partner_calendar_remove", made), follow=True).content.decode()
    back = address(scene, "partner_calendar_restore", made)
    assert back in page
    assert client.get(address(scene, "partner_calendar", made)).status_code == 404
    assert "The calendar is there again." in client.post(back, follow=True).content.decode()


def test_titles_of_others_are_only_text(scene, client_of):
    made = by_file(scene, calendar(good(title="<script>alert(1)</script>")))
    page = client_of(scene.user()).get(address(scene, "partner_calendar", made)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_lists_cost_the_same_with_one_and_three(scene, client_of):
    client = client_of(scene.user())
    counts = []
    for more in (1, 2):
        for number in range(more):
            made = by_file(scene, calendar(*[good(f"{more}-{number}-{n}") for n in range(more * 2 - 1)]))
        for page in (address(scene), address(scene, "partner_calendar", made)):
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
