"""Rules of screenings: who may ask for what, and when a request may be accepted."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.accounts.naming import Viewer
from coalition.campaigns.models import ScreeningRequest
from coalition.campaigns.screenings import actions
from coalition.campaigns.screenings.days import last_day
from coalition.campaigns.screenings.enums import Audience, ScreeningState
from coalition.campaigns.screenings.forms import RequestForm
from coalition.campaigns.screenings.queries import takers
from coalition.campaigns.screenings.retention import DAYS_KEPT, forget_requests
from coalition.consent.enums import Place
from coalition.consent.items import takers_of
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from coalition.mail.models import OutboxMail
from coalition.workspaces.dashboard import WaitingItem
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.screenings.builders import asked, fields, screening_room
from tests.consent.builders import consent_asked, put_under_consent, shown_under_consent
from tests.home.filmed import film_page, public_video

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counters():
    cache.clear()


@pytest.fixture
def room(site):
    return screening_room()


def mails() -> list[str]:
    rows = OutboxMail.objects.filter(template__startswith="campaigns/screening").order_by("pk")
    return [row.template.removeprefix("campaigns/screening_") for row in rows]


def accept(room, row: ScreeningRequest, **given: str) -> ScreeningRequest:
    return actions.accept_request(
        access=room.access("editor"), request=row, **{"answer": "We bring it.", **given}
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": datetime.date(2020, 1, 1)},
        {"on": datetime.date(2099, 1, 1)},
        {"people": 0},
        {"people": -3},
        {"audience": Audience.FROM_14},
        {"support_person": "  "},
        {"support_contact": ""},
    ],
)
def test_what_cannot_be_is_refused(room, wrong) -> None:
    with pytest.raises(Refused):
        asked(room, **wrong)
    assert not ScreeningRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("on", (localdate() - datetime.timedelta(days=400)).isoformat()),
        ("on", (localdate() + datetime.timedelta(days=732)).isoformat()),
        ("people", "0"),
        ("people", "1.5"),
        ("audience", "14"),
        ("audience", "17"),
        ("support_person", ""),
        ("support_person", "Aru\r\nBcc: x@example.org"),
        ("support_contact", "+7\n701"),
        ("group", "School\r\nX: y"),
        ("contact", "Aru\u202e"),
        ("contact", "A\u202eru"),
        ("group", "School \u202eNo. 7"),
        ("support_contact", "+7 \u202e701"),
        ("place", "Hall\n1"),
        ("region", "XX"),
        ("language", "kk"),
        ("address", "not an address"),
    ],
)
def test_the_form_refuses_bad_input_at_its_field(room, field, value) -> None:
    posted = {name: str(one) for name, one in fields().items()} | {"address": "a@b.kz", "language": "en"}
    assert RequestForm(posted, film=room.page.film, languages=["en"]).is_valid()
    assert field in RequestForm(posted | {field: value}, film=room.page.film, languages=["en"]).errors


def test_a_day_two_years_ahead_can_be_asked_for(room) -> None:
    row = asked(room, on=last_day())
    assert last_day() > localdate(now()) + datetime.timedelta(days=729)
    with pytest.raises(Refused, match="within two years"):
        actions.change_request(request=row, **fields() | {"on": last_day() + datetime.timedelta(days=1)})


def test_nobody_reads_a_request_before_its_address_is_proved(room) -> None:
    row = asked(room)
    assert (row.state, mails()) == (ScreeningState.UNPROVED, ["link"])
    assert not Notification.objects.filter(kind="screening_asked").exists()
    actions.confirm_request(request=row)
    actions.confirm_request(request=row)  # a second press changes nothing
    row.refresh_from_db()
    assert row.state == ScreeningState.ASKED
    people = set(Notification.objects.filter(kind="screening_asked").values_list("person", flat=True))
    assert people == {room.room.user("editor").pk, room.room.user("coordinator").pk}
    with pytest.raises(Refused, match="not confirmed"):
        accept(room, asked(room, address="other@tests.example"))


def test_one_mailbox_asks_three_times_a_day(room) -> None:
    for _number in range(5):
        asked(room)
    assert ScreeningRequest.objects.count() == 3
    assert mails() == ["link"] * 3


def test_a_flood_is_refused(room, monkeypatch) -> None:
    monkeypatch.setattr("coalition.core.throttling.MOST_AN_HOUR", 1)
    asked(room)
    with pytest.raises(TooManyRequests):
        asked(room, address="other@tests.example")


def test_screenings_that_are_closed_cannot_be_asked_for(room) -> None:
    row = asked(room)
    room.page.screenings_open = False
    room.page.save()
    with pytest.raises(Refused):
        asked(room, address="other@tests.example")
    with pytest.raises(Refused):
        actions.confirm_request(request=row)


def test_an_accepted_request_makes_a_taker_and_mails_what_was_agreed(room) -> None:
    row = actions.confirm_request(request=asked(room))
    assert not takers_of("video", room.video)
    row = accept(room, row, viewing_link="https://films.example/x")
    accept(room, row, viewing_link="https://films.example/x")  # the same sends nothing
    assert (row.state, row.given_videos) == (ScreeningState.ACCEPTED, [room.video])
    assert mails() == ["link", "answer"]
    [taker] = takers_of("video", room.video)
    assert (taker.name, taker.place, taker.address, taker.language) == (
        *("School No. 7", Place.SCREENING),
        *("aru@tests.example", "en"),
    )
    actions.decline_request(access=room.access("editor"), request=row, answer="It cannot be.")
    assert mails()[-1] == "answer"
    assert [one.name for one in takers(room.video)] == ["School No. 7"]  # they have it


def test_who_was_only_declined_is_no_taker(room) -> None:
    row = actions.confirm_request(request=asked(room))
    actions.decline_request(access=room.access("editor"), request=row, answer="It cannot be.")
    assert not list(takers(room.video))


def test_who_withdraws_after_an_answer_has_the_film_and_stays_a_taker(room) -> None:
    row = accept(room, actions.confirm_request(request=asked(room)))
    actions.withdraw_request(request=row)
    assert [one.name for one in takers_of("video", room.video)] == ["School No. 7"]


def test_who_took_the_film_is_a_line_without_an_address_once_erased(room) -> None:
    for address in ("aru@tests.example", "bota@tests.example"):
        accept(room, actions.confirm_request(request=asked(room, address=address)))
    actions.confirm_request(request=asked(room, address="dana@tests.example"))  # was not given it
    days = datetime.timedelta(days=20 + DAYS_KEPT)
    with freeze_clock_at(now() + days):
        forget_requests()
    assert ScreeningRequest.objects.count() == 3
    for expected in (2, 3):
        with freeze_clock_at(now() + 2 * days):
            forget_requests()
        assert not ScreeningRequest.objects.exists()
        with override("en"):
            [taker] = takers_of("video", room.video)
        assert taker.name == f"{expected} groups that were given the film; their addresses are erased"
        assert (taker.place, taker.address) == (Place.SCREENING, "")
        assert takers_of("video", "0") == []
        accept(room, actions.confirm_request(request=asked(room, address="another@tests.example")))


def test_who_took_the_film_stays_a_taker_after_the_page_has_another_one(room) -> None:
    row = accept(room, actions.confirm_request(request=asked(room)))
    video = room.video
    room.page.video = public_video("Another")
    room.page.save()
    accept(room, row, answer="A new cut")
    for one in (video, room.video):  # they have both
        assert [taker.name for taker in takers_of("video", one)] == ["School No. 7"]


@pytest.mark.parametrize("missing", ["support_person", "support_contact"])
def test_without_a_support_person_nothing_is_accepted(room, missing) -> None:
    row = actions.confirm_request(request=asked(room))
    setattr(row, missing, "")
    row.save()
    with pytest.raises(Refused, match="support person"):
        accept(room, row)
    with pytest.raises(Refused, match="Write an answer"):
        actions.decline_request(access=room.access("editor"), request=row, answer=" ")


def test_only_what_consent_allows_at_screenings_is_accepted(room) -> None:
    consent = consent_asked()
    row = actions.confirm_request(request=asked(room))
    shown_under_consent(consent, "video", room.video, places=(Place.SITE,))
    with pytest.raises(Refused, match="not available for screenings in this language now") as refused:
        accept(room, row)
    assert "agreed" not in str(refused.value.message)
    consent.items.all().delete()
    shown_under_consent(consent, "video", room.video, languages=("kk",), places=(Place.SCREENING,))
    with pytest.raises(Refused, match="not available"):  # in another language than hers
        accept(room, row)
    consent.items.all().delete()
    shown_under_consent(consent, "video", room.video)
    assert accept(room, row).state == ScreeningState.ACCEPTED


def test_a_blocked_film_cannot_be_asked_for(room) -> None:
    put_under_consent(consent_asked(), "video", room.video)
    with pytest.raises(Refused):
        asked(room)


def test_a_past_day_is_not_accepted_and_only_a_past_one_is_done(room) -> None:
    row = actions.confirm_request(request=asked(room, on=localdate(now()) + datetime.timedelta(days=2)))
    editor = room.access("editor")
    with pytest.raises(Refused):
        actions.finish_request(access=editor, request=row)
    accept(room, row)
    with pytest.raises(Refused, match="not before its day"):
        actions.finish_request(access=editor, request=row)
    with time_machine.travel(now() + datetime.timedelta(days=3), tick=False):
        with pytest.raises(Refused, match="is over"):
            accept(room, row, answer="Other words")
        assert actions.finish_request(access=editor, request=row).state == ScreeningState.DONE
    assert [one.name for one in takers(room.video)] == ["School No. 7"]


def test_a_change_of_what_was_agreed_is_asked_anew(room) -> None:
    row = accept(room, actions.confirm_request(request=asked(room)))
    later = fields()["on"] + datetime.timedelta(days=1)
    row = actions.change_request(request=row, **fields() | {"on": later})
    assert (row.state, row.answer, row.viewing_link) == (ScreeningState.ASKED, "", "")
    assert [one.name for one in takers(room.video)] == ["School No. 7"]  # they have it already
    with pytest.raises(Refused):
        actions.change_request(request=row, **fields() | {"support_person": ""})
    actions.withdraw_request(request=row)
    with pytest.raises(Refused, match="cannot be changed"):
        actions.change_request(request=row, **fields())


def test_an_unproved_request_is_deleted_when_it_is_withdrawn(room) -> None:
    assert actions.withdraw_request(request=asked(room)) is None
    assert not ScreeningRequest.objects.exists()


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_only_those_who_plan_answer(room, role) -> None:
    row = actions.confirm_request(request=asked(room))
    with pytest.raises(NotAllowed):
        actions.accept_request(access=room.access(role), request=row, answer="Yes")
    with pytest.raises(NotAllowed):
        actions.accept_request(access=screening_room(2).access("editor"), request=row, answer="Yes")


def test_the_first_page_tells_of_requests_that_wait(room) -> None:
    from coalition.campaigns.screenings.dashboard import screenings_to_answer

    editor = room.room.user("editor")
    viewer = Viewer(signed_in=True)
    assert not list(screenings_to_answer(editor, viewer))
    actions.confirm_request(request=asked(room))
    [item] = screenings_to_answer(editor, viewer)
    assert isinstance(item, WaitingItem)
    assert "1 request" in item.detail
    assert not list(screenings_to_answer(room.room.user("reviewer"), viewer))


def test_a_film_without_a_page_in_the_language_is_not_accepted(room) -> None:
    row = actions.confirm_request(request=asked(room))
    room.page.unpublish()
    with pytest.raises(Refused, match="no public page"):
        accept(room, row)
    film_page(public_video("Kazakh"), language="kk", translation_key=room.page.translation_key)
    with pytest.raises(Refused, match="no public page"):
        accept(room, row)
