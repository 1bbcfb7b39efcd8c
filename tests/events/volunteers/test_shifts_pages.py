"""The pages of shifts: the plan, signing up by a link, the own page, papers, and who opens any of it."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from coalition.mail.models import OutboxMail
from events.core.actions.plan import cancel_event
from events.models import Shift, ShiftAssignment, ShiftLink, ShiftLinkUse, Volunteer
from events.volunteers.actions.shifts import set_shift_plan
from events.volunteers.actions.sign_up import end_shift_link, offer_shift, shift_link_token
from events.volunteers.models import AssignmentState
from events.volunteers.notifications import VOLUNTEERS
from tests.events.planning.builders import announced, exhibition, stage
from tests.events.volunteers.builders import asks, helps, linked, shift
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"


@pytest.fixture(autouse=True)
def _before():
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return exhibition(here.access("coordinator"))


@pytest.fixture
def one(here, event):
    return shift(here.access(), event)


@pytest.fixture
def link(here, event):
    return linked(here.access(), event)


def page_of(link, language: str = "en", name: str = "shift_sign_up") -> str:
    with override(language):
        return reverse(name, args=[shift_link_token(link)])


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def sent(*shifts: Shift, **more: object) -> dict[str, object]:
    said = {
        "shifts": [str(one.uuid) for one in shifts],
        "name": "Әсел Нұрқызы",
        "address": "asel@help.example",
        "phone": "+7 701 000 00 00",
        "language": "kk",
    }
    return {**said, **more}


def test_a_stranger_signs_up_proves_the_address_and_withdraws(client, here, event, one, link) -> None:
    page = client.get(page_of(link))
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Cache-Control"] == "no-store, private"
    assert "2 places free" in page.content.decode()
    answer = client.post(page_of(link), sent(one))
    assert answer.status_code == 302
    assert "only then the shift is yours" in client.get(answer["Location"]).content.decode()
    who = Volunteer.objects.get()
    own = VOLUNTEERS.path(who)
    assert OutboxMail.objects.get(template="events/shift_link").context["button_url"].endswith(own)
    assert client.get(own)["Content-Language"] == "kk"
    assert Volunteer.objects.get().state == "unproved"  # mail scanners open links
    client.post(own, {"act": "confirm"})
    assert ShiftAssignment.objects.get().state == AssignmentState.TAKEN
    client.post(own, {"act": "withdraw", "shift": str(one.uuid)})
    assert ShiftAssignment.objects.get().state == AssignmentState.WITHDRAWN
    client.post(own, {"act": "take", "shift": str(one.uuid)})
    assert ShiftAssignment.objects.get().state == AssignmentState.TAKEN
    assert [use.signed_up for use in ShiftLinkUse.objects.order_by("pk")] == [False, True]


def test_two_volunteers_swap_by_their_own_pages(client, here, event, one, link) -> None:
    first, second = (
        helps(link, "First", one),
        helps(link, "Second", shift(here.access(), event, "2026-03-11")),
    )
    client.post(VOLUNTEERS.path(first), {"act": "offer", "shift": str(one.uuid)})
    page = client.get(VOLUNTEERS.path(second)).content.decode()
    assert "Others ask to be relieved" in page
    assert "First" not in page
    turn = first.assignments.get()
    page = client.post(VOLUNTEERS.path(second), {"act": "take_over", "shift": str(turn.uuid)}, follow=True)
    assert page.status_code == 200
    assert [row.state for row in (first.assignments.get(), second.assignments.get(shift=one))] == [
        "given",
        "taken",
    ]
    answer = client.post(VOLUNTEERS.path(first), {"act": "take_over", "shift": str(turn.uuid)})
    assert answer.status_code == 409
    assert "not offered any more" in answer.content.decode()


def test_a_shift_of_another_event_does_not_exist(client, client_of, here, event, one, link) -> None:
    other = announced(here.access("coordinator"))
    foreign = shift(here.access(), other)
    assert client.post(page_of(link), sent(foreign)).status_code == 404
    assert client.post(page_of(link), sent(one, shifts=["x"])).status_code == 404
    who = helps(link, "Anna", one)
    for act in ("take", "withdraw", "offer", "keep"):
        answer = client.post(VOLUNTEERS.path(who), {"act": act, "shift": str(foreign.uuid)}, follow=True)
        assert answer.status_code == 404
    member = client_of(here.user("observer"))
    answer = member.post(at("shifts_join", event), {"shifts": [str(foreign.uuid)], "phone": "1"})
    assert answer.status_code == 404
    desk = client_of(here.user())
    turn = helps(linked(here.access(), other), "Bota", foreign).assignments.get()
    assert desk.get(at("shift_change", event, foreign.uuid)).status_code == 404
    assert desk.post(at("shift_remove", event, foreign.uuid)).status_code == 404
    assert desk.post(at("shift_came", event, turn.uuid), {"came": "yes"}).status_code == 404
    assert desk.post(at("shift_link_end", other, link.uuid)).status_code == 404
    assert ShiftAssignment.objects.filter(shift=foreign).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "A\r\nBcc: all@other.example"),
        ("name", "see https://spam.example"),
        ("phone", ""),
        ("phone", "1\u20282"),
        ("address", "nobody"),
        ("language", "de"),
        ("shifts", []),
        ("briefed", ""),
        ("grown", "dog"),
    ],
)
def test_bad_input_is_said_at_the_field_and_the_rest_stays(
    client, here, event, one, link, field, value
) -> None:
    brief = {"en": "Where the exits are"}
    set_shift_plan(access=here.access(), event=event, brief=brief, asks_age=True)
    good = sent(one, briefed="on", grown="adult")
    assert "Where the exits are" in client.get(page_of(link)).content.decode()
    answer = client.post(page_of(link), good | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "field--error" in page
    assert "asel@help.example" in page or field == "address"
    assert not Volunteer.objects.exists()
    assert client.post(page_of(link), good).status_code == 302


def test_shifts_that_overlap_or_are_full_are_refused_in_the_form(client, here, event, one, link) -> None:
    beside = shift(here.access(), event, begins="14:00", ends="16:00", needed=1)
    answer = client.post(page_of(link), sent(one, beside))
    assert answer.status_code == 422
    assert "Two of these shifts overlap" in answer.content.decode()
    helps(link, "Anna", beside)
    answer = client.post(page_of(link), sent(beside))
    assert answer.status_code == 422
    assert "not free any more" in answer.content.decode()


def test_the_answer_is_the_same_whether_the_address_is_known(client, here, event, one, link) -> None:
    helps(link, "known", one)
    first = client.post(page_of(link), sent(one, address="known@help.example"))
    second = client.post(page_of(link), sent(one))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])


def test_too_many_from_one_place_are_told_and_lose_nothing(client, here, event, one, link) -> None:
    for number in range(10):
        assert client.post(page_of(link), sent(one, address=f"a{number}@x.example")).status_code == 302
    answer = client.post(page_of(link), sent(one))
    assert answer.status_code == 429
    assert "too often" in answer.content.decode()
    assert "Әсел" in answer.content.decode()


def test_a_link_that_ended_or_never_was_opens_nothing(client, here, event, one, link) -> None:
    for path in (page_of(link), page_of(link, name="shift_sign_up_sent")):
        assert client.get(path).status_code == 200
    end_shift_link(access=here.access(), link=link)
    for path in (page_of(link), page_of(link, name="shift_sign_up_sent")):
        assert client.get(path).status_code == 404
    assert client.post(page_of(link), sent(one)).status_code == 404
    for name in ("own_shifts", "shift_certificate"):
        assert client.get(reverse(name, args=["x" * 43]), follow=True).status_code == 404


def test_a_cancelled_event_says_so_and_loses_nothing(client, here, event, one, link) -> None:
    who = helps(link, "Anna", one)
    cancel_event(access=here.access(), event=event)
    assert "no volunteers are needed" in client.get(page_of(link)).content.decode()
    answer = client.post(page_of(link), sent(one))
    assert answer.status_code == 409
    assert "Әсел" in answer.content.decode()
    page = client.get(VOLUNTEERS.path(who)).content.decode()
    assert "This event is cancelled" in page
    assert "I cannot come" not in page


def test_a_member_signs_up_without_a_mail_to_prove(client_of, here, event, one) -> None:
    client = client_of(here.user("observer"))
    assert at("shifts_join", event) in client.get(event.get_absolute_url()).content.decode()
    assert client.post(at("shifts_join", event), {"shifts": [str(one.uuid)]}).status_code == 422
    answer = client.post(at("shifts_join", event), {"shifts": [str(one.uuid)], "phone": "+7 1"})
    who = Volunteer.objects.get()
    assert answer["Location"] == VOLUNTEERS.path(who)
    assert client.get(at("shifts_join", event))["Location"] == VOLUNTEERS.path(who)
    assert who.assignments.get().state == AssignmentState.TAKEN


def test_it_is_planned_at_the_desk(client_of, here, event) -> None:
    client = client_of(here.user())
    assert "Make them from the opening hours" in client.get(at("shifts", event)).content.decode()
    pattern = {
        "title_en": "Hall",
        "needed": "2",
        "parts": "2",
        "early": "15",
        "late": "",
        "first": "2026-03-20",
        "last": "2026-03-25",
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    }
    page = client.post(at("shifts_from_hours", event), pattern | {"look": "1"}).content.decode()
    assert "Make 6 shifts" in page  # 20, 24 and 25 March: closed 21 to 23
    assert not Shift.objects.exists()
    assert client.post(at("shifts_from_hours", event), pattern | {"last": "2026-03-01"}).status_code == 422
    assert client.post(at("shifts_from_hours", event), pattern | {"make": "1"}).status_code == 302
    assert Shift.objects.count() == 6
    page = client.get(at("shifts", event)).content.decode()
    assert "4 people are missing" in page
    assert "0 of 12 places taken" in page
    first = Shift.objects.first()
    wrong = {"title_kk": "", "on": "2026-03-20", "begins": "11:00", "ends": "11:00", "needed": "1"}
    assert client.post(at("shift_add", event), wrong).status_code == 422
    good = wrong | {"title_kk": "Есік", "ends": "12:00"}
    assert client.post(at("shift_add", event), good).status_code == 302
    assert client.post(at("shift_change", event, first.uuid), good).status_code == 302
    client.post(at("shift_remove", event, first.uuid))
    assert Shift.objects.filter(removed_at=None).count() == 6
    client.post(at("shift_restore", event, first.uuid))
    assert Shift.objects.filter(removed_at=None).count() == 7
    around = {"caller_name": "Aru", "caller_phone": "+7 777", "asks_age": "on", "brief_kk": "Есік"}
    assert client.post(at("shifts_around", event), around).status_code == 302
    assert client.post(at("shift_links", event), {"until": "2020-01-01"}).status_code == 422
    client.post(at("shift_links", event), {"name": "Chat", "until": "2026-03-30"})
    link = ShiftLink.objects.get()
    assert page_of(link) in client.get(at("shift_links", event)).content.decode()
    client.post(at("shift_link_end", event, link.uuid))
    assert page_of(link) not in client.get(at("shift_links", event)).content.decode()


def test_who_came_is_ticked_and_taken_back(client_of, here, event, one, link) -> None:
    turn = helps(link, "Anna", one).assignments.get()
    client = client_of(here.user())
    assert "Did not come" not in client.get(at("shifts", event)).content.decode()
    with time_machine.travel("2026-03-10 07:00Z", tick=False):
        for given, kept in (("yes", True), ("no", False), ("", None)):
            client.post(at("shift_came", event, turn.uuid), {"came": given})
            turn.refresh_from_db()
            assert turn.came is kept


def test_the_plan_costs_the_same_for_one_as_for_three(client_of, here, event, link) -> None:
    client, counts = client_of(here.user()), []
    for people in (["A"], ["B", "C"]):
        for number, name in enumerate(people):
            helps(link, name, shift(here.access(), event, begins=f"1{number}:30", needed=3))
        client.get(at("shifts", event))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at("shifts", event)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_pages_of_volunteers_cost_the_same_for_one_as_for_three(client, here, event, link) -> None:
    who, counts = helps(link, "Own", shift(here.access(), event, "2026-03-12")), []
    for days in (["13"], ["14", "15"]):
        for day in days:
            given = shift(here.access(), event, f"2026-03-{day}", needed=1)
            shift(here.access(), event, f"2026-03-{day}")
            offer_shift(volunteer=helps(link, f"Other{day}", given), shift=given.uuid)
        for path in (VOLUNTEERS.path(who), page_of(link)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


DESK = ("shifts_from_hours", "shift_add", "shifts_around", "shift_links")
ONE = ("shift_change", "shift_remove", "shift_restore")
TURN = ("shift_came", "shift_take_off")


@pytest.mark.slow
@pytest.mark.parametrize("who", ["observer", "reviewer", "contributor", "outsider", "anonymous"])
def test_nobody_else_plans_and_contacts_stay_with_who_prepares(
    client, client_of, here, event, one, link, who
) -> None:
    set_shift_plan(
        access=here.access(),
        event=event,
        brief={},
        caller_name="Canarycaller",
        caller_phone="+7 Canarycaller",
    )
    turn = helps(
        link, "Canaryname", one, phone="Canaryphone", address="canarymail@x.example"
    ).assignments.get()
    asks(link, "Canarysilent", one)
    if who == "outsider":
        client = client_of(MembershipFactory().person)
    elif who != "anonymous":
        client = client_of(here.user(who))
    paths = [at(name, event) for name in (*DESK, "shifts", "shifts_join")]
    paths += [at(name, event, one.uuid) for name in ONE] + [at(name, event, turn.uuid) for name in TURN]
    paths += [at("shift_link_end", event, link.uuid), event.get_absolute_url()]
    for path in paths:
        for answer in (client.get(path), client.post(path, {"came": "yes"})):
            page = answer.content.decode().lower()
            assert "canaryphone" not in page
            assert "canarymail" not in page
            assert "canarycaller" not in page
            assert "canarysilent" not in page
            assert ("canaryname" in page) <= (
                path == at("shifts", event) and who in {"reviewer", "contributor"}
            )
    turn.refresh_from_db()
    assert (turn.state, turn.came, Shift.objects.filter(removed_at=None).count()) == ("taken", None, 1)
    page = client_of(here.user()).get(at("shifts", event)).content.decode()
    assert "Canaryphone" in page
    assert "Canarycaller" in page
    assert "Canarysilent" not in page
