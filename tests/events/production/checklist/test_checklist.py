"""The checklist of an event: counted back from the day, given to people, reminded of, moved with it."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from coalition.core.clock import freeze_clock_at
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event, move_event
from events.core.actions.times import EventTimesInput
from events.core.enums import EventKind
from events.models import EventTask
from events.production.checklist import actions as checklist_actions
from events.production.checklist.actions import template_for
from events.production.checklist.views import tasks_due
from events.production.models import open_tasks_of, tasks_of
from tests.desk import on_desk
from tests.events.planning.builders import planned, press_conference, stage
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 3)


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-01 09:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def add(here, event, title: str = "Call", days: int = 3, **given: object) -> EventTask:
    return checklist_actions.add_task(
        access=here.access(), event=event, title={"en": title}, days_before=days, **given
    )


def test_the_template_is_taken_over_in_three_languages_and_never_twice(here, event) -> None:
    made = checklist_actions.begin_checklist(access=here.access(), event=event)
    assert len(made) == len(template_for(EventKind.PRESS_CONFERENCE))
    advisory = EventTask.objects.get(key="advisory")
    assert advisory.due_on == DAY - datetime.timedelta(days=7)
    assert len(set(advisory.title.values())) == 3
    checklist_actions.remove_task(access=here.access(), event=event, uuid=advisory.uuid)
    assert checklist_actions.begin_checklist(access=here.access(), event=event) == []


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_but_a_deadline_has_a_template(kind) -> None:
    lines = template_for(kind)
    assert bool(lines) == (kind != EventKind.DEADLINE)
    assert len({key for key, _title, _days in lines}) == len(lines)


def test_the_days_move_with_the_event_and_so_does_the_reminder(here, event) -> None:
    row = add(here, event)
    times = EventTimesInput(
        DAY + datetime.timedelta(days=10), datetime.time(11), ends_at_time=datetime.time(12)
    )
    move_event(access=here.access("coordinator"), event=event, times=times)
    row.refresh_from_db()
    assert row.due_on == datetime.date(2026, 3, 10)
    planned_for = DueWork.objects.get(kind=checklist_actions.REMIND_OF_TASK, key=str(row.uuid)).due_at
    assert planned_for.astimezone(ZoneInfo("Asia/Almaty")) == datetime.datetime(
        2026, 3, 9, 9, tzinfo=ZoneInfo("Asia/Almaty")
    )


def _told() -> list[tuple[int, str]]:
    return list(Notification.objects.filter(kind="task_due").values_list("person_id", "kind"))


def test_whom_it_was_given_to_is_reminded_the_day_before_and_once(here, event) -> None:
    row = add(here, event, person=here.user("contributor"), organisation=here.organisation("contributor"))
    with time_machine.travel("2026-02-27 04:01Z", tick=False):  # nine in Almaty, the day before 28 February
        scheduler.run_due(worker="test")
        checklist_actions.remind_of_task(str(row.uuid), {})
    assert [person for person, _kind in _told()] == [here.user("contributor").pk]


def test_of_an_organisation_all_who_prepare_are_reminded(here, event) -> None:
    here.take("editor", name="second", organisation=here.organisation("editor"))
    row = add(here, event, organisation=here.organisation("editor"))
    checklist_actions.remind_of_task(str(row.uuid), {})
    assert {person for person, _kind in _told()} == {here.user("editor").pk, here.user("second").pk}


@pytest.mark.parametrize("how", ["done", "out", "cancelled"])
def test_of_what_is_no_more_to_be_done_nobody_is_reminded(here, event, how) -> None:
    row = add(here, event, person=here.user("editor"), organisation=here.organisation("editor"))
    if how == "done":
        checklist_actions.set_task_done(access=here.access(), event=event, uuid=row.uuid, done=True)
    elif how == "out":
        checklist_actions.remove_task(access=here.access(), event=event, uuid=row.uuid)
    else:
        cancel_event(access=here.access("coordinator"), event=event)
    checklist_actions.remind_of_task(str(row.uuid), {})
    assert _told() == []


def test_who_has_a_task_ticks_it_and_nobody_else_without_the_right_to_plan(here, event) -> None:
    contributor = here.access("contributor")
    own = add(here, event, person=here.user("contributor"), organisation=here.organisation("contributor"))
    of_others = add(here, event, organisation=here.organisation("editor"))
    of_nobody = add(here, event)
    checklist_actions.set_task_done(access=contributor, event=event, uuid=own.uuid, done=True)
    own.refresh_from_db()
    assert own.done_by == here.user("contributor")
    for row in (of_others, of_nobody):
        with pytest.raises(NotAllowed):
            checklist_actions.set_task_done(access=contributor, event=event, uuid=row.uuid, done=True)
    of_theirs = add(here, event, organisation=here.organisation("contributor"))
    checklist_actions.set_task_done(access=contributor, event=event, uuid=of_theirs.uuid, done=True)


@pytest.mark.parametrize("name", ["observer", "reviewer", "contributor"])
def test_whoever_may_not_plan_writes_nothing(here, event, name) -> None:
    row = add(here, event)
    access, task = here.access(name), {"title": {"en": "No"}, "days_before": 1}
    for act in (
        lambda: checklist_actions.begin_checklist(access=access, event=event),
        lambda: checklist_actions.add_task(access=access, event=event, **task),
        lambda: checklist_actions.change_task(access=access, event=event, uuid=row.uuid, **task),
        lambda: checklist_actions.remove_task(access=access, event=event, uuid=row.uuid),
        lambda: checklist_actions.restore_task(access=access, event=event, uuid=row.uuid),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert [one.title.in_language("en") for one in tasks_of(event)] == ["Call"]


def test_only_who_is_here_answers_for_something(here, event) -> None:
    stranger = OrganisationFactory()
    for given in (
        {"organisation": stranger},
        {"person": UserFactory(), "organisation": here.organisation("editor")},
        {"person": here.user("observer"), "organisation": here.organisation("observer")},
        {"person": here.user("editor"), "organisation": here.organisation("reviewer")},
    ):
        with pytest.raises(Refused):
            add(here, event, **given)


def test_a_task_of_another_event_is_not_there(here, event) -> None:
    row = add(here, event)
    other = planned(here.access(), title="Another")
    with pytest.raises(Refused):
        checklist_actions.set_task_done(access=here.access(), event=other, uuid=row.uuid, done=True)


def test_it_waits_on_the_desk_of_whom_it_was_given_to_from_a_week_before(here, event) -> None:
    add(here, event, "Hers", person=here.user("editor"), organisation=here.organisation("editor"))
    add(here, event, "Theirs", organisation=here.organisation("contributor"))
    add(here, event, "Later", days=-30, person=here.user("editor"), organisation=here.organisation("editor"))

    def titles(name: str) -> set[str]:
        return {one.title for one in on_desk(tasks_due, here.user(name))}

    assert titles("editor") == set()
    with time_machine.travel("2026-02-21 09:00Z", tick=False):
        assert titles("editor") == {"Hers"}
        assert titles("contributor") == {"Theirs"}
        assert titles("coordinator") == set()


def test_a_host_that_is_a_day_behind_hides_no_task(here, event) -> None:
    """It says 1 February where the clock that decides says the second: what is due on the ninth waits."""
    add(here, event, days=22, organisation=here.organisation("editor"))
    with freeze_clock_at(datetime.datetime(2026, 2, 2, 9, tzinfo=datetime.UTC)):
        [waiting] = on_desk(tasks_due, here.user("editor"))
    assert waiting.due.date() == datetime.date(2026, 2, 9)


def test_nobody_without_a_seat_has_tasks(here, event) -> None:
    add(here, event, person=here.user("editor"), organisation=here.organisation("editor"))
    until = DAY
    assert open_tasks_of(here.user("editor"), until=until).count() == 1
    seat = here.seats["editor"]
    seat.ended_at = datetime.datetime(2026, 2, 1, 9, tzinfo=datetime.UTC)
    seat.save()
    assert open_tasks_of(here.user("editor"), until=until).count() == 0
