"""What follows an event: written down by those who prepare it, thanked once, planned again."""

import datetime

import pytest
import time_machine
from django.core import mail as sent_mail

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event
from events.core.actions.times import EventPlaceInput
from events.core.afterwards import reused_parts
from events.core.enums import Answer, Visibility
from events.core.permissions import StaleRevision
from events.core.queries import reusable_events
from events.exhibitions.school_groups.actions import (
    confirm_group_address,
    open_to_groups,
    request_group_visit,
)
from events.invitations.actions import GuestInput, answer_invitation, invite_people
from events.models import Debrief, EventInvitation, FallbackVenue, PressGuest, RunningItem, SchoolGroup
from events.press.registration.actions import (
    check_in,
    confirm_press_address,
    open_to_press,
    request_press_place,
)
from events.production.checklist import actions as checklist_actions
from events.production.debrief.actions import plan_again, save_debrief, thank_group
from events.production.fallback_venue.actions import set_fallback_venue
from events.production.models import earlier_debriefs, tasks_of
from events.production.running_order.actions import add_running_item, set_beginning
from events.volunteers.actions.sign_up import set_attendance
from tests.events.planning.builders import exhibition, planned, press_conference, stage
from tests.events.volunteers.builders import helps, linked, shift

pytestmark = pytest.mark.django_db
BEFORE, AFTER = "2026-02-27 09:00Z", "2026-03-05 09:00Z"
NEXT = datetime.date(2026, 9, 1)
LATER = {"starts": "2026-05-05 11:00", "ends": "2026-05-05 12:00"}


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    with time_machine.travel(BEFORE, tick=False):
        return press_conference(here.access("coordinator"))


def written(here, event, words: str, name: str = "editor", seen: int = 0) -> Debrief:
    return save_debrief(access=here.access(name), event=event, next_time=words, seen=seen)


@pytest.mark.parametrize(("role", "may"), [("contributor", True), ("reviewer", True), ("observer", False)])
def test_those_who_prepare_it_write_it_down(here, event, role: str, *, may: bool) -> None:
    if may:
        assert written(here, event, "Earlier", role).next_time == "Earlier"
        return
    with pytest.raises(NotAllowed):
        written(here, event, "Earlier", role)
    assert not Debrief.objects.exists()


def test_the_second_who_writes_is_shown_what_the_first_wrote(here, event) -> None:
    written(here, event, "First")
    with pytest.raises(StaleRevision) as stale:
        written(here, event, "Second", "coordinator")
    assert stale.value.current.next_time == "First"
    assert Debrief.objects.get().next_time == "First"
    written(here, event, "Second", "coordinator", seen=1)
    assert Debrief.objects.get().next_time == "Second"


def test_it_stands_beside_the_next_event_of_its_kind(here, event) -> None:
    written(here, event, "Book the room earlier")
    later = planned(here.access(), kind=event.kind, title="Next", **LATER)
    other = planned(here.access(), title="A meeting", **LATER)
    assert [row.next_time for row in earlier_debriefs(here.user(), later)] == ["Book the room earlier"]
    assert earlier_debriefs(here.user(), other) == []
    assert earlier_debriefs(here.user(), event) == []
    assert earlier_debriefs(stage().user(), later) == []


def test_what_was_learned_of_a_restricted_event_stays_there(here) -> None:
    one = here.organisation("coordinator")
    access = here.access("coordinator")
    shut = press_conference(
        access,
        visibility=Visibility.WORKSPACE,
        restricted_to=(one,),
        starts="2026-01-10 11:00",
        ends="2026-01-10 12:00",
    )
    written(here, shut, "Secret", "coordinator")
    later = planned(access, kind=shut.kind, title="Next", **LATER)
    assert earlier_debriefs(here.user("coordinator"), later)
    assert earlier_debriefs(here.user("reviewer"), later) == []


@time_machine.travel(BEFORE, tick=False)
def _came(here, event, *names: str) -> None:
    terms = {"places": 5, "per_outlet": 5}
    registration = open_to_press(access=here.access(), event=event, **terms)
    for name in (*names, "Absent"):
        said = {
            "name": name,
            "outlet": "Арна",
            "address": f"{name.lower()}@media.example",
            "language": Language.KK,
        }
        request_press_place(registration=registration, **said)
        guest = confirm_press_address(guest=PressGuest.objects.latest("pk"))
        if name != "Absent":
            check_in(access=here.access(), guest=guest)


def test_journalists_who_came_are_thanked_once(here, event) -> None:
    _came(here, event, "Aigerim", "Dana")
    with time_machine.travel(AFTER, tick=False):
        assert thank_group(access=here.access(), event=event, group="press") == 2
        with pytest.raises(Refused, match="already"):
            thank_group(access=here.access(), event=event, group="press")
        assert OutboxMail.objects.filter(template="events/thanks").count() == 2
        deliver_due()
    told = [one for one in sent_mail.outbox if "Aigerim" in one.body and "Absent" not in one.body]
    thanks = told[-1]
    assert thanks.to == ["aigerim@media.example"]
    assert "Press conference on Article 123 kk" in thanks.body
    assert f"/kk/events/{event.slug}/" in thanks.body


def test_of_an_event_that_is_not_public_thanks_tell_no_title(here) -> None:
    with time_machine.travel(BEFORE, tick=False):
        event = press_conference(here.access("coordinator"), visibility=Visibility.WORKSPACE)
        [invited] = invite_people(
            access=here.access("coordinator"), event=event, people=[here.user("contributor")]
        )
        answer_invitation(invitation=invited, answer=Answer.ACCEPTED)
    with time_machine.travel(AFTER, tick=False):
        assert thank_group(access=here.access("coordinator"), event=event, group="invited") == 1
    row = OutboxMail.objects.get(template="events/thanks")
    assert "Article 123" not in str(row.context)


def test_only_who_said_that_they_come_are_thanked(here, event) -> None:
    with time_machine.travel(BEFORE, tick=False):
        invite_people(
            access=here.access(),
            event=event,
            people=[here.user("contributor")],
            guests=[GuestInput("guest@else.example", "Guest")],
        )
        guest = EventInvitation.objects.get(person=None)
        answer_invitation(invitation=guest, answer=Answer.ACCEPTED)
    with time_machine.travel(AFTER, tick=False):
        assert thank_group(access=here.access(), event=event, group="invited") == 1
    assert OutboxMail.objects.get(template="events/thanks").address == "guest@else.example"


def test_nobody_is_thanked_before_or_of_what_was_cancelled_or_by_others(here, event) -> None:
    _came(here, event, "Aigerim")
    with time_machine.travel(BEFORE, tick=False), pytest.raises(Refused, match="not over"):
        thank_group(access=here.access(), event=event, group="press")
    with time_machine.travel(AFTER, tick=False):
        with pytest.raises(NotAllowed):
            thank_group(access=here.access("contributor"), event=event, group="press")
        with pytest.raises(Refused, match="Nobody"):
            thank_group(access=here.access(), event=event, group="invited")
        cancel_event(access=here.access("coordinator"), event=event)
        with pytest.raises(Refused, match="cancelled"):
            thank_group(access=here.access(), event=event, group="press")
    assert not OutboxMail.objects.filter(template="events/thanks").exists()


def test_volunteers_and_schools_are_thanked_after_the_last_day(here) -> None:
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        event = exhibition(here.access("coordinator"))
        one = shift(here.access(), event, on="2026-03-10")
        link = linked(here.access(), event)
        came, absent = helps(link, "Came", one), helps(link, "Absent", one)
        visits = open_to_groups(
            access=here.access(), event=event, slot_minutes=45, per_slot=2, most_pupils=25
        )
        for name in ("Aru", "Unproved"):
            request_group_visit(
                visits=visits,
                school="School",
                contact=name,
                address=f"{name}@school.example",
                phone="+7 701",
                pupils=20,
                grade="9",
                language=Language.EN,
                on=datetime.date(2026, 3, 12),
                begins=datetime.time(11),
            )
        confirm_group_address(group=SchoolGroup.objects.earliest("pk"))
    with time_machine.travel("2026-03-20 06:00Z", tick=False):
        for volunteer, was_there in ((came, True), (absent, False)):
            set_attendance(access=here.access(), assignment=volunteer.assignments.get(), came=was_there)
        with pytest.raises(Refused, match="not over"):  # the opening is, the run is not
            thank_group(access=here.access(), event=event, group="volunteers")
    with time_machine.travel("2026-05-01 06:00Z", tick=False):
        assert thank_group(access=here.access(), event=event, group="volunteers") == 1
        assert thank_group(access=here.access(), event=event, group="groups") == 1
    rows = OutboxMail.objects.filter(template="events/thanks").order_by("pk")
    assert [one.address for one in rows] == ["came@help.example", "Aru@school.example"]


def _prepared(here, event) -> None:
    with time_machine.travel(BEFORE, tick=False):
        access = here.access("coordinator")
        owner, person = here.organisation("contributor"), here.user("contributor")
        checklist_actions.add_task(
            access=access,
            event=event,
            title={"kk": "Су"},
            days_before=2,
            organisation=owner,
            person=person,
            note="Екеу",
        )
        set_beginning(access=access, event=event, begins=datetime.time(10, 30))
        add_running_item(access=access, event=event, title={"kk": "Ашылуы"}, minutes=10, who="Айгерім")
        second = {
            "words": {"kk": {"place": "Кітапхана"}},
            "place": EventPlaceInput(region="KZ-75"),
            "agreed": True,
        }
        set_fallback_venue(access=access, event=event, **second)


def test_an_event_is_planned_again_with_what_was_prepared(here, event) -> None:
    _prepared(here, event)
    _came(here, event, "Aigerim")
    with time_machine.travel(AFTER, tick=False):
        made = plan_again(access=here.access(), event=event, on=NEXT, parts=list(reused_parts()))
    assert (made.starts_on, made.starts_at_time, made.ends_at_time) == (
        NEXT,
        datetime.time(11),
        datetime.time(12),
    )
    assert (made.state, made.slug, made.created_by) == ("planned", None, here.user())
    assert made.texts.get(language="kk").title == event.texts.get(language="kk").title
    [task] = tasks_of(made)
    assert (task.title, task.due_on, task.note) == ({"kk": "Су"}, datetime.date(2026, 8, 30), "Екеу")
    assert (task.organisation, task.person) == (here.organisation("contributor"), None)
    item = RunningItem.objects.get(order__event=made)
    assert (item.title, item.minutes, item.who) == ({"kk": "Ашылуы"}, 10, "")
    second = FallbackVenue.objects.get(event=made)
    assert (second.words["kk"]["place"], second.agreed) == ("Кітапхана", False)
    assert FallbackVenue.objects.get(event=event).agreed
    assert not hasattr(made, "press_registration")
    assert not made.invitations.exists()


def test_what_was_not_ticked_stays_behind(here, event) -> None:
    _prepared(here, event)
    with time_machine.travel(AFTER, tick=False):
        made = plan_again(access=here.access(), event=event, on=NEXT, parts=["running"])
    assert tasks_of(made) == []
    assert RunningItem.objects.filter(order__event=made).count() == 1
    assert not FallbackVenue.objects.filter(event=made).exists()


def test_a_run_stays_as_long_and_as_far_and_its_special_days_stay_behind(here) -> None:
    shown = exhibition(here.access())
    on = shown.starts_on + datetime.timedelta(days=364)
    made = plan_again(access=here.access(), event=shown, on=on, parts=["hours"])
    assert made.run_from - made.starts_on == shown.run_from - shown.starts_on
    assert made.run_until - made.run_from == shown.run_until - shown.run_from
    assert made.hours.count() == shown.hours.count() > 0
    assert not made.special_days.exists()


def test_an_owner_who_left_leaves_the_line_open(here, event) -> None:
    _prepared(here, event)
    here.workspace.participations.filter(organisation=here.organisation("contributor")).update(
        ended_at=datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC)
    )
    with time_machine.travel(AFTER, tick=False):
        made = plan_again(access=here.access(), event=event, on=NEXT, parts=["checklist"])
    [task] = tasks_of(made)
    assert (task.title, task.organisation) == ({"kk": "Су"}, None)


def test_who_does_not_plan_does_not_plan_again(here, event) -> None:
    with pytest.raises(NotAllowed):
        plan_again(access=here.access("contributor"), event=event, on=NEXT, parts=[])
    with pytest.raises(NotAllowed):
        plan_again(access=stage().access(), event=event, on=NEXT, parts=[])


def test_earlier_events_are_offered_to_who_may_see_them(here, event) -> None:
    with time_machine.travel(AFTER, tick=False):
        assert reusable_events(here.user(), here.workspace) == [event]
        assert reusable_events(stage().user(), here.workspace) == []
    with time_machine.travel(BEFORE, tick=False):
        assert reusable_events(here.user(), here.workspace) == []
