"""School groups: slots of the opening hours, the public form, the link, the desk, mails, who reads it."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from coalition.core import throttling
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event
from events.core.actions.times import set_hours
from events.core.models import OpeningHours
from events.exhibitions.school_groups.actions import (
    answer_group,
    confirm_group_address,
    forget_groups,
    free_slots,
    open_to_groups,
    request_group_visit,
    stop_groups,
    withdraw_group,
)
from events.exhibitions.school_groups.models import GroupState
from events.exhibitions.school_groups.notifications import SCHOOL_GROUPS
from events.models import SchoolGroup
from tests.events.planning.builders import announced, exhibition, stage
from tests.factories import MembershipFactory
from tests.poppler import pdf_fonts, pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"
SENT = {
    "begins": "11:45",
    "school": "№ 7 мектеп",
    "grade": "9 Б",
    "pupils": "20",
    "language": "kk",
    "contact": "Гүлнар Ізбасар",
    "address": "gulnar@school.example",
    "phone": "+7 701 000",
    "needs": "Ым тілінің аудармашысы",
}


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
def visits(here, event):
    return open_to_groups(access=here.access(), event=event, slot_minutes=45, per_slot=1, most_pupils=25)


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def form_of(event, on: str = "2026-03-12") -> str:
    with override("en"):
        return f"{reverse('school_groups', args=[event.slug])}?on={on}"


def asks(visits, name: str = "Aru", begins: str = "11:45", **more: object) -> SchoolGroup:
    said = {
        "school": f"School of {name}",
        "contact": name,
        "address": f"{name.lower()}@school.example",
        "phone": "+7 701",
        "pupils": 20,
        "grade": "9",
        "language": "en",
        "on": datetime.date(2026, 3, 12),
        "begins": datetime.time.fromisoformat(begins),
    }
    request_group_visit(visits=visits, **{**said, **more})
    return SchoolGroup.objects.latest("pk")


def comes(visits, *given: str, **more: object) -> SchoolGroup:
    return confirm_group_address(group=asks(visits, *given, **more))


def letters() -> list[str]:
    rows = OutboxMail.objects.filter(template__startswith="events/group_").order_by("pk")
    return [one.template.removeprefix("events/group_") for one in rows]


def test_times_are_cut_from_the_opening_hours_and_closed_days_are_not_offered(visits) -> None:
    free = free_slots(visits)
    days = {day.isoformat() for day in free}
    assert {"2026-03-08", "2026-03-20", "2026-03-24"} <= days
    assert not {"2026-03-09", "2026-03-21", "2026-03-23", "2026-05-01"} & days  # a Monday, Nauryz, over
    times = [f"{one:%H:%M}" for one in free[datetime.date(2026, 3, 12)]]
    assert (times[0], times[1], times[-1], len(times)) == ("11:00", "11:45", "17:45", 10)
    with time_machine.travel("2026-03-12 03:00Z"):
        assert min(free_slots(visits)) == datetime.date(2026, 3, 13)  # from tomorrow on


def test_a_time_takes_its_groups_and_no_more(here, event, visits) -> None:
    first, late = asks(visits, "First"), asks(visits, "Late")
    assert confirm_group_address(group=first).state == GroupState.CONFIRMED
    with pytest.raises(Refused, match="not free"):
        confirm_group_address(group=late)
    with pytest.raises(Refused, match="not free"):
        asks(visits, "Later")
    withdraw_group(group=first)
    assert confirm_group_address(group=late).state == GroupState.CONFIRMED


@pytest.mark.parametrize(
    "wrong", [{"on": datetime.date(2026, 3, 9)}, {"begins": "11:10"}, {"pupils": 26}, {"pupils": 0}]
)
def test_what_cannot_be_is_refused(visits, wrong) -> None:
    with pytest.raises(Refused):
        asks(visits, **wrong)
    assert not SchoolGroup.objects.exists()


def test_a_school_asks_in_public_proves_the_address_and_withdraws(client, event, visits) -> None:
    public = client.get(reverse("public_event", args=[event.slug])).content.decode()
    assert form_of(event).partition("?")[0] in public
    page = client.get(form_of(event, "2026-03-09")).content.decode()
    assert "Show the times" in page
    assert 'name="school"' not in page
    assert 'value="11:45"' in client.get(form_of(event)).content.decode()
    answer = client.post(form_of(event), SENT)
    assert answer.status_code == 302
    assert "only then the visit counts" in client.get(answer["Location"]).content.decode()
    group = SchoolGroup.objects.get()
    own = SCHOOL_GROUPS.path(group)
    assert client.get(own)["X-Robots-Tag"] == "noindex"
    assert SchoolGroup.objects.get().proved_at is None  # mail scanners open links
    client.post(own, {"act": "confirm"})
    assert SchoolGroup.objects.get().state == GroupState.CONFIRMED
    assert letters() == ["link", "answer"]
    calendar = OutboxMail.objects.get(template="events/group_answer").calendar
    assert "DTSTART;TZID=Asia/Almaty:20260312T114500" in calendar
    client.post(own, {"act": "withdraw"})
    assert SchoolGroup.objects.get().state == GroupState.WITHDRAWN
    other = asks(visits, "Other", "12:30")
    client.post(SCHOOL_GROUPS.path(other), {"act": "withdraw"})
    assert SchoolGroup.objects.count() == 1  # who never asked is deleted


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("begins", "11:10"),
        ("school", "A\r\nBcc: all@other.example"),
        ("contact", "see https://spam.example"),
        ("address", "nobody"),
        ("pupils", "26"),
        ("pupils", "-1"),
        ("language", "de"),
        ("phone", ""),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(client, event, visits, field, value) -> None:
    answer = client.post(form_of(event), SENT | {field: value})
    assert answer.status_code == 422
    assert "field--error" in answer.content.decode()
    assert "Ым тілінің" in answer.content.decode()
    assert not SchoolGroup.objects.exists()


def test_strangers_have_limits(client, event, visits, monkeypatch) -> None:
    for number in range(4):
        asks(
            visits, "Same", f"1{number + 2}:30" if number % 3 == 0 else "14:00", address="one@school.example"
        )
    assert SchoolGroup.objects.count() == 3  # three new ones a day from one address
    monkeypatch.setattr(throttling, "MOST_AN_HOUR", 3)
    answer = client.post(form_of(event), SENT)
    assert answer.status_code == 429
    assert "№ 7 мектеп" in answer.content.decode()


@pytest.mark.parametrize("how", ["closed", "cancelled", "over"])
def test_after_the_end_it_is_told_and_nothing_is_lost(client, here, event, visits, how) -> None:
    if how == "closed":
        stop_groups(access=here.access(), event=event)
    elif how == "cancelled":
        cancel_event(access=here.access(), event=event)
    with time_machine.travel("2026-05-02 06:00Z" if how == "over" else "2026-03-01 06:00Z"):
        page = client.get(form_of(event)).content.decode()
        assert 'name="school"' not in page
        answer = client.post(form_of(event), SENT)
        public = client.get(reverse("public_event", args=[event.slug])).content.decode()
        assert "/groups/" not in public
    assert answer.status_code == 409
    assert "№ 7 мектеп" in answer.content.decode()


def test_by_hand_an_organiser_answers_and_a_mail_says_so(client_of, here, event) -> None:
    client = client_of(here.user())
    assert client.post(at("groups_terms", event), {"slot_minutes": "5"}).status_code == 422
    sent = {"slot_minutes": "60", "per_slot": "1", "most_pupils": "25", "by_hand": "on"}
    assert client.post(at("groups_terms", event), sent).status_code == 302
    group = comes(event.group_visits, "Aru", "12:00")
    assert (group.state, letters()) == (GroupState.ASKED, ["link"])
    assert "School of Aru" in client.get(at("groups", event)).content.decode()
    for given, state in (("confirmed", GroupState.CONFIRMED), ("declined", GroupState.DECLINED)):
        for _twice in range(2):
            client.post(at("group_answer", event, group.uuid), {"answer": given})
        assert SchoolGroup.objects.get().state == state
    assert letters() == ["link", "answer", "answer"]
    comes(event.group_visits, "Other", "12:00")
    with pytest.raises(Refused, match="not free"):
        answer_group(access=here.access(), group=group, confirmed=True)
    client.post(at("groups_close", event))
    assert "cannot register now" in client.get(at("groups", event)).content.decode()


def test_groups_hear_when_it_is_not_open_any_more(client_of, here, event, visits) -> None:
    comes(visits)
    hours = [OpeningHours(weekday=day, opens=datetime.time(14), closes=datetime.time(18)) for day in range(7)]
    set_hours(access=here.access(), event=event, hours=hours)
    assert letters() == ["link", "answer", "changed"]
    assert OutboxMail.objects.latest("pk").context["open_then"] is False
    assert "not open then any more" in client_of(here.user()).get(at("groups", event)).content.decode()
    event.refresh_from_db()
    cancel_event(access=here.access(), event=event)
    assert letters()[-1] == "changed"
    assert OutboxMail.objects.latest("pk").method == "CANCEL"


@reads_pdf
def test_the_list_on_paper_has_every_kazakh_letter(client_of, here, event, visits, tmp_path) -> None:
    comes(visits, LETTERS, address="a@school.example")
    path = tmp_path / "groups.pdf"
    path.write_bytes(client_of(here.user()).get(at("groups_pdf", event)).content)
    assert {font.partition("-")[0] for font in pdf_fonts(path)} == {"Onest"}
    words = pdf_text(path, "-layout")
    for letter in LETTERS.replace(" ", ""):
        assert letter in words


def test_who_they_are_is_sealed_and_forgotten(visits) -> None:
    comes(visits, "Sealedname", needs="Sealedneed")
    asks(visits, "Unproved", "12:30")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events_schoolgroup")
        kept = repr(cursor.fetchall())
    assert not [word for word in ("Sealedname", "school.example", "Sealedneed", "+7 701") if word in kept]
    with time_machine.travel("2026-03-09 06:00Z"):
        forget_groups()
        assert [one.contact for one in SchoolGroup.objects.all()] == ["Sealedname"]
    with time_machine.travel("2026-07-31 06:00Z"):  # open until 30 April
        forget_groups()
        assert not SchoolGroup.objects.exists()


def test_the_list_costs_the_same_for_one_as_for_three(client_of, here, event, visits) -> None:
    client, counts = client_of(here.user()), []
    for times in (["11:00"], ["11:45", "12:30"]):
        for number, begins in enumerate(times):
            comes(visits, f"Name{begins[:2]}{number}", begins)
        client.get(at("groups", event))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at("groups", event)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["observer", "reviewer", "contributor", "outsider", "anonymous"])
def test_nobody_else_reads_of_them(client, client_of, here, event, visits, who) -> None:
    group = comes(
        visits, "Canaryname", address="canarymail@x.example", phone="Canaryphone", needs="Canaryneed"
    )
    if who == "outsider":
        client = client_of(MembershipFactory().person)
    elif who != "anonymous":
        client = client_of(here.user(who))
    paths = [at(name, event) for name in ("groups", "groups_terms", "groups_close", "groups_pdf")]
    paths += [at("group_answer", event, group.uuid), event.get_absolute_url(), form_of(event)]
    for path in paths:
        for answer in (client.get(path), client.post(path, {"answer": "declined"})):
            assert "canary" not in answer.content.decode(errors="replace").lower()
    assert SchoolGroup.objects.get().state == GroupState.CONFIRMED
    if who in {"observer", "reviewer", "contributor"}:
        with pytest.raises(NotAllowed):
            open_to_groups(access=here.access(who), event=event, slot_minutes=45, per_slot=1, most_pupils=25)
        with pytest.raises(NotAllowed):
            answer_group(access=here.access(who), group=group, confirmed=False)


def test_a_group_of_another_event_is_not_there(client_of, here, event, visits) -> None:
    other = announced(here.access("coordinator"))
    client = client_of(here.user())
    group = comes(visits)
    assert client.post(at("group_answer", other, group.uuid), {"answer": "declined"}).status_code == 404
    with pytest.raises(Refused, match="opening hours"):
        open_to_groups(access=here.access(), event=other, slot_minutes=45, per_slot=1, most_pupils=25)
    assert client.get(form_of(other)).status_code == 404
    assert client.get(reverse("own_group", args=["x" * 43]), follow=True).status_code == 404
