"""The pages of press registration: the public form, the link, the desk, the door, and who opens them."""

import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from coalition.mail.models import OutboxMail
from events.core.actions.plan import announce_event, cancel_event
from events.core.enums import PressState, Visibility
from events.core.journalists import PRESS
from events.core.printed_codes import code_of, format_code
from events.models import PressGuest
from events.press.registration.actions import (
    close_press_registration,
    confirm_press_address,
    open_to_press,
    request_press_place,
)
from tests.events.planning.builders import announced, planned, stage
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
SENT = {
    "name": "Әсел Нұрқызы",
    "outlet": "Дала FM",
    "address": "asel@dala.example",
    "phone": "+7 701 000 00 00",
    "language": "kk",
    "equipment": ["sound", "van"],
    "interview": "Психологпен",
    "photo_rule": "on",
}


@pytest.fixture(autouse=True)
def _two_days_before():
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return announced(here.access("coordinator"), title="Conference")


@pytest.fixture
def registration(here, event):
    return open_to_press(access=here.access(), event=event, places=2, per_outlet=1)


def form_of(event, language: str = "en") -> str:
    with override(language):
        return reverse("press_registration", args=[event.slug])


def link_of(guest) -> str:
    return reverse("press_registration_link", args=[PRESS.token(guest)])


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def mails():
    return OutboxMail.objects.filter(template__startswith="events/press_guest")


def comes(registration, name: str) -> PressGuest:
    said = {"name": name, "outlet": f"{name} TV", "address": f"{name}@tv.example", "language": "en"}
    request_press_place(registration=registration, **said)
    return confirm_press_address(guest=PressGuest.objects.latest("pk"))


def test_a_journalist_registers_proves_the_address_and_withdraws(client, event, registration) -> None:
    public = client.get(reverse("public_event", args=[event.slug])).content.decode()
    assert form_of(event) in public
    answer = client.post(form_of(event), SENT)
    assert answer.status_code == 302
    assert "only then you are registered" in client.get(answer["Location"]).content.decode()
    guest = PressGuest.objects.get()
    assert (guest.name, guest.equipment) == ("Әсел Нұрқызы", ["sound", "van"])
    assert link_of(guest) in mails().get().context["button_url"]
    page = client.get(link_of(guest))
    assert PressGuest.objects.get().state == PressState.UNCONFIRMED  # mail scanners open links
    assert page["X-Robots-Tag"] == "noindex"
    assert format_code(code_of(guest.uuid)) not in page.content.decode()
    page = client.post(link_of(guest), {"act": "confirm"}, follow=True).content.decode()
    assert format_code(code_of(guest.uuid)) in page
    assert "data:image/png;base64," in page
    page = client.post(link_of(guest), {"act": "withdraw"}, follow=True).content.decode()
    assert format_code(code_of(guest.uuid)) not in page
    assert PressGuest.objects.get().state == PressState.WITHDRAWN


def test_what_was_written_is_deleted_by_who_never_asked(client, event, registration) -> None:
    client.post(form_of(event), SENT)
    client.post(link_of(PressGuest.objects.get()), {"act": "withdraw"})
    assert not PressGuest.objects.exists()


def test_the_answer_is_the_same_whether_the_address_is_known(client, event, registration) -> None:
    comes(registration, "known")
    first = client.post(form_of(event), SENT | {"address": "known@tv.example"})
    second = client.post(form_of(event), SENT)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "A\r\nBcc: all@other.example"),
        ("name", "A\x00B"),
        ("name", "see https://spam.example"),
        ("outlet", "B\nSubject: x"),
        ("outlet", "B\u2028C"),
        ("address", "a@b.example\nBcc: c@d.example"),
        ("address", "nobody"),
        ("language", "de"),
        ("equipment", ["gun"]),
        ("photo_rule", ""),
    ],
)
def test_bad_input_is_said_at_the_field_and_the_rest_stays(client, event, registration, field, value) -> None:
    answer = client.post(form_of(event), SENT | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "field--error" in page
    assert "Психологпен" in page
    assert not PressGuest.objects.exists()
    assert not mails().exists()


def test_too_many_from_one_place_are_told_and_lose_nothing(client, event, registration) -> None:
    for number in range(10):
        assert client.post(form_of(event), SENT | {"address": f"a{number}@x.example"}).status_code == 302
    answer = client.post(form_of(event), SENT)
    assert answer.status_code == 429
    assert "too often" in answer.content.decode()
    assert 'value="Дала FM"' in answer.content.decode()
    assert PressGuest.objects.count() == 10


@pytest.mark.parametrize(
    ("how", "words"),
    [("closed", "registration is closed"), ("cancelled", "is cancelled"), ("over", "The event is over")],
)
def test_after_the_end_it_is_told_and_nothing_is_lost(client, here, event, registration, how, words) -> None:
    moment = "2026-03-01 06:00Z" if how != "over" else "2026-03-20 06:00Z"
    if how == "closed":
        close_press_registration(access=here.access(), event=event)
    elif how == "cancelled":
        cancel_event(access=here.access(), event=event)
    with time_machine.travel(moment):
        page = client.get(form_of(event)).content.decode()
        assert words in page
        assert 'name="outlet"' not in page
        answer = client.post(form_of(event), SENT)
        assert form_of(event) not in client.get(reverse("public_event", args=[event.slug])).content.decode()
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert 'value="Дала FM"' in answer.content.decode()
    assert not PressGuest.objects.exists()


def test_a_link_of_a_cancelled_event_says_so_and_acts_no_more(client, here, event, registration) -> None:
    guest = comes(registration, "anna")
    cancel_event(access=here.access(), event=event)
    page = client.get(link_of(guest)).content.decode()
    assert "This event is cancelled" in page
    assert "I do not come" not in page
    assert format_code(code_of(guest.uuid)) not in page


def test_nothing_is_there_without_a_public_event_or_with_a_wrong_token(client, here, event) -> None:
    inside = announce_event(
        access=here.access(), event=planned(here.access()), visibility=Visibility.WORKSPACE
    )
    open_to_press(access=here.access(), event=inside, places=2, per_outlet=1)
    assert client.get(form_of(event)).status_code == 404
    assert client.get(reverse("press_registration_link", args=["x" * 43]), follow=True).status_code == 404


def test_it_is_opened_changed_closed_and_answered_at_the_desk(client_of, here, event) -> None:
    client = client_of(here.user())
    assert "Open press registration" in client.get(event.get_absolute_url()).content.decode()
    wrong = client.post(at("press_terms", event), {"places": "2", "per_outlet": "3"})
    assert wrong.status_code == 422
    sent = {
        "places": "1",
        "per_outlet": "1",
        "closes_on": "2026-03-02",
        "closes_at": "18:00",
        "by_hand": "on",
    }
    assert client.post(at("press_terms", event), sent).status_code == 302
    registration = event.press_registration
    assert f"{registration.closes_at:%Y-%m-%d %H:%M}" == "2026-03-02 13:00"
    guest = comes(registration, "anna")
    page = client.get(at("press_guests", event)).content.decode()
    assert "anna TV" in page
    back = f"{at('press_guests', event)}?state=asked"
    answer = client.post(at("press_answer", event, guest.uuid), {"answer": "confirmed", "back": back})
    assert answer["Location"] == back
    answer = client.post(at("press_answer", event, guest.uuid), {"answer": "x", "back": "//evil.example"})
    assert answer["Location"] == at("press_guests", event)
    assert PressGuest.objects.get().state == PressState.CONFIRMED
    client.post(at("press_close", event))
    assert "Press registration is closed." in client.get(at("press_guests", event)).content.decode()


def test_the_door_finds_by_code_notes_once_and_takes_back(client_of, here, event, registration) -> None:
    client, guest = client_of(here.user()), comes(registration, "anna")
    comes(registration, "bob")
    page = client.get(at("press_door", event), {"words": format_code(code_of(guest.uuid))}).content.decode()
    assert "anna TV" in page
    assert "bob TV" not in page
    with time_machine.travel("2026-03-03 05:42Z", tick=False):
        page = client.post(at("press_here", event, guest.uuid), follow=True).content.decode()
        assert "anna (anna TV) is here." in page
        page = client.post(at("press_here", event, guest.uuid), follow=True).content.decode()
        assert "was noted before. Here since 10:42." in page
    assert "1 of 2 are here" in client.get(at("press_door", event)).content.decode()
    client.post(at("press_not_here", event, guest.uuid))
    assert "0 of 2 are here" in client.get(at("press_door", event)).content.decode()
    page = client.get(at("press_paper", event)).content.decode()
    assert page.index("anna TV") < page.index("bob TV")


@pytest.mark.parametrize("name", ["press_guests", "press_door", "press_paper"])
def test_the_lists_cost_the_same_for_one_as_for_three(client_of, here, event, name) -> None:
    registration = open_to_press(access=here.access(), event=event, places=9, per_outlet=9)
    client, counts = client_of(here.user()), []
    for people in (["a"], ["b", "c"]):
        for one in people:
            comes(registration, one)
        client.get(at(name, event))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(at(name, event)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


DESK = ("press_guests", "press_door", "press_paper", "press_terms", "press_close")
ONE = ("press_answer", "press_here", "press_not_here")


@pytest.mark.parametrize("who", ["observer", "reviewer", "contributor", "outsider", "anonymous"])
def test_nobody_else_opens_any_of_it(client, client_of, here, event, registration, who) -> None:
    guest = comes(registration, "anna")
    if who == "outsider":
        client = client_of(MembershipFactory().person)
    elif who != "anonymous":
        client = client_of(here.user(who))
    for name in (*DESK, *ONE):
        path = at(name, event, *([guest.uuid] if name in ONE else []))
        for answer in (client.get(path), client.post(path, {"answer": "full"})):
            assert answer.status_code in {302, 403, 404, 405}
            assert answer.status_code != 302 or answer["Location"].startswith("/accounts/")
            assert "anna" not in answer.content.decode()
    guest.refresh_from_db()
    assert (guest.state, guest.came_at) == (PressState.CONFIRMED, None)
    if who != "anonymous":
        page = client.get(event.get_absolute_url()).content.decode()
        assert not re.search(rf"/{event.uuid}/press/|/{event.slug}/press/", page)


def test_a_journalist_of_another_event_is_not_there(client_of, here, event, registration) -> None:
    guest = comes(registration, "anna")
    other = announced(here.access("coordinator"), title="Other")
    open_to_press(access=here.access(), event=other, places=2, per_outlet=1)
    client = client_of(here.user())
    assert client.post(at("press_here", other, guest.uuid)).status_code == 404
