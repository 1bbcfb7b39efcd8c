"""The plan for the official petition: numbers of people, working days, deadlines in the calendar."""

import datetime

import pytest

from coalition.campaigns.appeals.models.petition_plan import INITIATORS_NEEDED
from coalition.campaigns.appeals.planner.actions import (
    ProposedStep,
    change_plan,
    put_into_calendar,
    set_pledge,
    start_plan,
    take_out_of_calendar,
)
from coalition.campaigns.appeals.planner.schedule import dated_steps, initiators_of
from coalition.campaigns.models import PetitionPlan, PetitionPledge, PetitionStep
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import announce_event, cancel_event
from events.core.enums import EventState, Visibility
from events.core.models import Event
from events.core.queries import text_in
from tests.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
FILES_ON = datetime.date(2027, 3, 29)  # a Monday after Nauryz


@pytest.fixture
def plan(desk) -> PetitionPlan:
    return start_plan(access=desk.access, appeal=desk.appeal, files_on=FILES_ON)


def steps_of(plan: PetitionPlan) -> list[ProposedStep]:
    return [ProposedStep(one.name, one.working_days, one) for one in plan.steps.all()]


def deadlines() -> dict[str, datetime.date]:
    events = Event.objects.exclude(state=EventState.CANCELLED).filter(kind="deadline")
    return {text_in(one).title: one.starts_on for one in events}


def test_a_plan_begins_with_the_usual_steps_and_is_begun_once(desk, plan):
    assert plan.needed == INITIATORS_NEEDED
    assert [one.working_days for one in plan.steps.all()] == [-20, -10, -3, 0, 10]
    again = start_plan(access=desk.access, appeal=desk.appeal, files_on=FILES_ON)
    assert (again.pk, PetitionStep.objects.count()) == (plan.pk, 5)


def test_days_of_steps_leave_out_weekends_and_holidays():
    steps = [PetitionStep(name=str(days), working_days=days) for days in (1, 0, -1, -4, -9)]
    assert [(one.step.working_days, one.day.isoformat()) for one in dated_steps(steps, FILES_ON)] == [
        (-9, "2027-03-10"),  # without 8 and 15 March and Nauryz
        (-4, "2027-03-18"),
        (-1, "2027-03-26"),
        (0, "2027-03-29"),
        (1, "2027-03-30"),
    ]


def test_promised_and_found_are_added_up():
    rows = [PetitionPledge(promised=20, found=18), PetitionPledge(promised=10, found=12)]
    found = initiators_of(rows, 50)
    assert (found.promised, found.found, found.missing, found.unpromised) == (30, 30, 20, 20)
    enough = initiators_of(rows, 25)
    assert (enough.missing, enough.unpromised) == (0, 0)


def test_the_steps_are_put_into_the_calendar_by_one_press_and_follow(desk, plan):
    put_into_calendar(access=desk.access, plan=plan)
    assert len(deadlines()) == 5
    assert FILES_ON in deadlines().values()
    later = FILES_ON + datetime.timedelta(days=7)
    first, *others = steps_of(plan)
    changed = [ProposedStep("Checked twice", first.working_days, first.step), *others[:-1]]
    change_plan(access=desk.access, plan=plan, needed=50, files_on=later, steps=changed)
    assert len(deadlines()) == 4
    assert later in deadlines().values()
    assert "Checked twice" in deadlines()
    assert Event.objects.filter(state=EventState.CANCELLED).count() == 1


def test_deadlines_that_people_were_told_of_are_moved(desk, plan):
    put_into_calendar(access=desk.access, plan=plan)
    filing = Event.objects.get(starts_on=FILES_ON)
    announce_event(access=desk.access, event=filing, visibility=Visibility.WORKSPACE)
    later = FILES_ON + datetime.timedelta(days=1)
    change_plan(access=desk.access, plan=plan, needed=50, files_on=later, steps=steps_of(plan))
    filing.refresh_from_db()
    assert (filing.state, filing.starts_on) == (EventState.MOVED, later)


def test_a_plan_that_is_not_in_the_calendar_makes_no_deadline(desk, plan):
    change_plan(access=desk.access, plan=plan, needed=50, files_on=FILES_ON, steps=steps_of(plan))
    assert not Event.objects.exists()


def test_pressing_again_mends_what_somebody_cancelled(desk, plan):
    put_into_calendar(access=desk.access, plan=plan)
    cancel_event(access=desk.access, event=Event.objects.get(starts_on=FILES_ON))
    put_into_calendar(access=desk.access, plan=plan)
    assert (len(deadlines()), Event.objects.count()) == (5, 6)


def test_taken_out_of_the_calendar_all_deadlines_are_cancelled(desk, plan):
    put_into_calendar(access=desk.access, plan=plan)
    take_out_of_calendar(access=desk.access, plan=plan)
    take_out_of_calendar(access=desk.access, plan=plan)
    assert deadlines() == {}
    assert not PetitionStep.objects.exclude(event=None).exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"needed": 0}, "between 1"),
        ({"files_on": datetime.date(2020, 1, 1)}, "over already"),
        ({"files_on": datetime.date(2099, 1, 1)}, "too far"),
        ({"steps": [ProposedStep(" ", 1)]}, "a name"),
        ({"steps": [ProposedStep("X", 251)]}, "at most 250"),
        ({"steps": [ProposedStep("X", 1)] * 21}, "at most 20"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_whole(desk, plan, given, why):
    with pytest.raises(Refused, match=why):
        change_plan(
            access=desk.access, plan=plan, **{"needed": 50, "files_on": FILES_ON, "steps": [], **given}
        )
    assert plan.steps.count() == 5


def test_each_organisation_writes_its_own_numbers_and_who_plans_all(desk, plan):
    contributor = desk.other(SeatRole.CONTRIBUTOR)
    planner = desk.other(SeatRole.EDITOR)
    own, other = contributor.organisation, planner.organisation
    set_pledge(access=contributor, plan=plan, organisation=own, promised=10, found=4)
    with pytest.raises(NotAllowed):
        set_pledge(access=contributor, plan=plan, organisation=other, promised=1, found=0)
    set_pledge(access=planner, plan=plan, organisation=own, promised=10, found=6)
    assert [(one.promised, one.found) for one in plan.pledges.all()] == [(10, 6)]
    with pytest.raises(Refused, match="take part"):
        set_pledge(access=planner, plan=plan, organisation=OrganisationFactory(), promised=1, found=0)
    with pytest.raises(Refused, match="between 0"):
        set_pledge(access=planner, plan=plan, organisation=own, promised=-1, found=0)


@pytest.mark.parametrize("role", [SeatRole.OBSERVER, SeatRole.REVIEWER, SeatRole.CONTRIBUTOR])
def test_who_does_not_plan_changes_no_plan(desk, plan, role):
    access = desk.other(role)
    for act in (
        lambda: start_plan(access=access, appeal=desk.appeal, files_on=FILES_ON),
        lambda: change_plan(access=access, plan=plan, needed=9, files_on=FILES_ON, steps=[]),
        lambda: put_into_calendar(access=access, plan=plan),
        lambda: take_out_of_calendar(access=access, plan=plan),
    ):
        with pytest.raises(NotAllowed):
            act()
    plan.refresh_from_db()
    assert (plan.needed, plan.in_calendar, plan.steps.count()) == (50, False, 5)
