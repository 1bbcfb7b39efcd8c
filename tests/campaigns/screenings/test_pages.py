"""Once through the pages: asked, proved, answered, changed, withdrawn."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from coalition.applicants.views import new_stamp
from coalition.campaigns.models import ScreeningRequest
from coalition.campaigns.screenings.actions import accept_request, confirm_request, decline_request
from coalition.campaigns.screenings.enums import ScreeningState
from coalition.campaigns.screenings.flow import SCREENINGS
from coalition.campaigns.screenings.public_views import FORM, AskView
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Place
from coalition.consent.site import page_key
from coalition.mail import outbox
from tests.campaigns.screenings.builders import asked, fields, screening_room
from tests.consent.builders import consent_asked, put_under_consent, shown_under_consent
from tests.home.filmed import public_video

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counters():
    cache.clear()


@pytest.fixture
def room(site):
    return screening_room()


def posted(**given: object) -> dict[str, str]:
    told = fields() | {"address": "aru@tests.example", "language": "en", "stamp": new_stamp(FORM)} | given
    return {name: str(value) for name, value in told.items()}


def form_of(room) -> str:
    with override("en"):
        return reverse("ask_for_screening", args=[room.page.translation_key])


def test_from_the_request_to_the_screening(room, client, client_of, mailoutbox) -> None:
    page = client.get(form_of(room))
    assert page.status_code == 200
    assert "csrftoken" not in page.cookies
    assert "16+" in page.content.decode()
    answer = client.post(form_of(room), posted())
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    outbox.deliver_due()
    [mail] = mailoutbox
    own = re.search(r"/en/films/request/\S+/", mail.body)
    assert own
    assert "Screening: The Report" in mail.subject
    assert "Yes, we ask for the screening" in client.get(own[0]).content.decode()
    assert ScreeningRequest.objects.get().state == ScreeningState.UNPROVED  # a GET proves nothing
    client.post(own[0], {"act": "confirm"})
    row = ScreeningRequest.objects.get()
    assert row.state == ScreeningState.ASKED

    editor = client_of(room.room.user("editor"))
    listed = editor.get(reverse("campaigns:screenings", args=[room.room.workspace.uuid])).content.decode()
    address = reverse("campaigns:screening", args=[row.uuid])
    assert "School No. 7" in listed
    assert address in listed
    campaign = editor.get(reverse("campaigns:campaign", args=[room.room.workspace.uuid])).content.decode()
    assert "1 request for a screening waits" in campaign
    text = editor.get(address).content.decode()
    assert "Dana Omarova" in text
    assert "aru@tests.example" in text
    assert editor.post(address, {"act": "accept", "answer": ""}).status_code == 422
    assert editor.post(address, {"act": "accept", "answer": "We bring it."}).status_code == 302
    outbox.deliver_due()
    [mail] = [one for one in mailoutbox if "Screening agreed" in one.subject]
    assert "We bring it." in mail.body

    assert "We bring it." in client.get(own[0]).content.decode()
    changed = {name: str(value) for name, value in fields().items()} | {"act": "change", "people": "60"}
    assert client.post(own[0], changed | {"people": "0"}).status_code == 422
    assert client.post(own[0], changed).status_code == 302
    row.refresh_from_db()
    assert (row.people, row.state) == (60, ScreeningState.ASKED)
    client.post(own[0], {"act": "withdraw"})
    row.refresh_from_db()
    assert row.state == ScreeningState.WITHDRAWN
    assert "not confirmed" in editor.post(address, {"act": "accept", "answer": "Yes"}).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "2020-01-01"},
        {"on": "2099-01-01"},
        {"people": 0},
        {"audience": 12},
        {"support_person": ""},
        {"group": "A\r\nB"},
        {"contact": "Aru\r\nBcc: x@example.org"},
    ],
)
def test_bad_input_is_shown_again_and_nothing_is_stored(room, client, wrong) -> None:
    answer = client.post(form_of(room), posted(**wrong))
    assert answer.status_code == 422
    assert "Almaty, large hall" in answer.content.decode()
    assert not ScreeningRequest.objects.exists()


def test_the_form_is_guarded_as_other_public_forms_are(room, client) -> None:
    foreign = client.post(form_of(room), posted(), headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert client.post(form_of(room), posted(stamp="x")).status_code == 409
    assert client.post(form_of(room), posted(leave_empty="bot")).status_code == 302
    assert not ScreeningRequest.objects.exists()


def test_mistakes_do_not_count_as_requests(room, client, monkeypatch) -> None:
    codes = [client.post(form_of(room), posted(people=0)).status_code for _number in range(12)]
    assert set(codes) == {422}
    assert client.post(form_of(room), posted()).status_code == 302
    monkeypatch.setattr(AskView, "most_posts_from_one_place", 15)
    codes = [client.post(form_of(room), posted(people=0)).status_code for _number in range(3)]
    assert codes == [422, 422, 429]


def test_ten_requests_an_hour_come_from_one_network(room, client) -> None:
    codes = [client.post(form_of(room), posted()).status_code for _number in range(11)]
    assert codes == [302] * 10 + [429]


def test_the_own_page_says_what_to_do_and_what_was_done(room, client) -> None:
    row = asked(room)
    path = SCREENINGS.path(row)
    text = own_page(client, row)
    assert "Your request for a screening" in text
    assert "It counts once you have pressed the button below." in text
    answer = client.post(path, {"act": "confirm"}, follow=True).content.decode()
    assert "Thank you: your request is confirmed." in answer
    assert "We answer by mail" in answer
    changed = {name: str(value) for name, value in fields().items()} | {"act": "change", "people": "60"}
    assert "Your changes are saved." in client.post(path, changed, follow=True).content.decode()
    client.post(path, {"act": "withdraw"})
    text = own_page(client, row)
    assert "You have withdrawn this request." in text
    assert "Yes, we ask for the screening" in text


def test_the_region_is_chosen_by_the_person(room, client) -> None:
    tree = html.document_fromstring(client.get(form_of(room)).content)
    assert tree.xpath("//select[@name='region']/option[@selected]/@value") in ([], [""])
    assert tree.xpath("//select[@name='region']/option/@value")[0] == ""
    assert client.post(form_of(room), posted(region="")).status_code == 422


def test_signs_that_turn_the_writing_are_taken_out_of_the_note(room, client) -> None:
    client.post(form_of(room), posted(note="a\u202eb\r\nc"))
    assert ScreeningRequest.objects.get().note == "ab\nc"


def test_without_its_film_on_the_site_the_form_is_not_there(room, client) -> None:
    unknown = form_of(room).replace(str(room.page.translation_key)[:8], "00000000")
    assert client.get(unknown).status_code == 404
    assert client.get(form_of(room).replace("/en/", "/kk/")).status_code == 404
    put_under_consent(consent_asked(), "video", room.video)
    assert client.get(form_of(room)).status_code == 404
    assert client.post(form_of(room), posted()).status_code == 404


def test_closed_screenings_say_so(room, client) -> None:
    room.page.screenings_open = False
    room.page.save()
    answer = client.get(form_of(room))
    assert answer.status_code == 200
    assert "cannot be asked for now" in answer.content.decode()
    assert client.post(form_of(room), posted()).status_code == 409


def test_a_blocked_film_cannot_be_agreed_to_on_the_page(room, client_of) -> None:
    row = confirm_request(request=asked(room))
    put_under_consent(consent_asked(), "video", room.video)
    editor, address = client_of(room.room.user("editor")), reverse("campaigns:screening", args=[row.uuid])
    assert 'value="accept"' not in editor.get(address).content.decode()
    answer = editor.post(address, {"act": "accept", "answer": "Yes"})
    assert "not available for screenings" in answer.content.decode()


LINK = "https://films.example/x"


def agreed(room) -> ScreeningRequest:
    row = confirm_request(request=asked(room))
    return accept_request(access=room.access("editor"), request=row, answer="We bring it.", viewing_link=LINK)


def own_page(client, row: ScreeningRequest) -> str:
    page = client.get(SCREENINGS.path(row))
    assert page.status_code == 200
    return str(page.content.decode())


def test_the_own_page_asks_the_gate_for_link_and_title(room, client) -> None:
    consent = consent_asked()
    shown_under_consent(consent, "video", room.video)
    row = agreed(room)
    text = own_page(client, row)
    assert LINK in text
    assert "The Report" in text
    withdraw_consent(by=consent.caseworker, consent=consent)
    text = own_page(client, row)
    assert LINK not in text
    assert "The Report" not in text
    assert "The film" in text
    assert "Our answer" not in text


@pytest.mark.parametrize("place", [Place.SITE, Place.SCREENING])
def test_link_and_title_need_the_site_and_screenings(room, client, place) -> None:
    row = agreed(room)
    shown_under_consent(consent_asked(), "video", room.video, places=(place,))
    text = own_page(client, row)
    assert LINK not in text
    assert "The Report" not in text


def test_the_title_of_a_hidden_page_is_not_told(room, client) -> None:
    row = agreed(room)
    put_under_consent(consent_asked(), "page", page_key(room.page))
    text = own_page(client, row)
    assert LINK not in text
    assert "The Report" not in text
    room.page.unpublish()
    assert LINK not in own_page(client, row)


def test_the_link_leads_to_the_video_that_was_given(room, client) -> None:
    row = agreed(room)
    put_under_consent(consent_asked(), "video", room.video)
    room.page.video = public_video("Another")
    room.page.save()
    text = own_page(client, row)
    assert LINK not in text
    assert "The Report" in text


def test_a_mail_about_a_film_taken_back_does_not_name_it(room, mailoutbox) -> None:
    row = agreed(room)
    put_under_consent(consent_asked(), "video", room.video)
    outbox.deliver_due()
    mailoutbox.clear()
    decline_request(access=room.access("editor"), request=row, answer="It cannot be.")
    outbox.deliver_due()
    [mail] = mailoutbox
    assert "No screening: The film" in mail.subject
    assert "The Report" not in mail.body


@pytest.mark.parametrize(("role", "status"), [("reviewer", 404), ("observer", 404), ("coordinator", 200)])
def test_who_sees_a_request(room, client_of, role, status) -> None:
    row = confirm_request(request=asked(room))
    there = client_of(room.room.user(role))
    assert there.get(reverse("campaigns:screening", args=[row.uuid])).status_code == status
    listed = there.get(reverse("campaigns:screenings", args=[room.room.workspace.uuid]))
    assert listed.status_code == (200 if status == 200 else 403)


def test_an_unknown_link_is_not_there(room, client: Client) -> None:
    assert client.get(f"/en/films/request/{'x' * 43}/").status_code == 404
    assert client.get(SCREENINGS.path(asked(room))).headers["Cache-Control"] == "no-store, private"
