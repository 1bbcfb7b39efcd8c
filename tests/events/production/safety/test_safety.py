"""The safety plan: who writes it, what it keeps and for how long."""

import pytest
import time_machine
from django.db import connection

from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event
from events.models import SafetyPerson, SafetyPlan
from events.production.models import PhotoRule, SafetyRole
from events.production.safety.actions import forget_safety_people, write_safety_plan
from tests.events.planning.builders import press_conference, stage
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
STEWARD = {SafetyRole.STEWARD: {"name": "Steward Person", "phone": "+7 701 111 22 33"}}


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


def test_a_plan_is_written_whole_and_names_are_sealed(here, event) -> None:
    plan = write_safety_plan(
        access=here.access(),
        event=event,
        photo_rule=PhotoRule.STAGE_ONLY,
        photo_words={"kk": " Сары таспа "},
        no_photo_seats=12,
        no_photo_where="Rows 1 and 2",
        note="Call the lawyer first",
        people=STEWARD | {SafetyRole.LAWYER: {"name": "Lawyer Person"}},
    )
    assert {one.role: one.name for one in plan.people.all()} == {
        "steward": "Steward Person",
        "lawyer": "Lawyer Person",
    }
    assert plan.photo_words == {"kk": "Сары таспа"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM events_safetyperson")
        raw = str(cursor.fetchall())
        cursor.execute("SELECT note FROM events_safetyplan")
        raw += str(cursor.fetchall())
    assert "Person" not in raw
    assert "701 111" not in raw
    assert "lawyer first" not in raw
    entry = AuditEntry.objects.filter(action="event.safety_written").get()
    assert "Steward Person" not in str(entry.detail)
    write_safety_plan(access=here.access(), event=event, people=STEWARD)
    assert [one.role for one in SafetyPerson.objects.all()] == ["steward"]


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_only_those_who_change_the_event_write_it(here, event, role) -> None:
    with pytest.raises(NotAllowed):
        write_safety_plan(access=here.access(role), event=event, people=STEWARD)
    assert not SafetyPlan.objects.exists()


def test_an_organisation_that_takes_no_part_answers_for_nothing(here, event) -> None:
    stranger = {SafetyRole.STEWARD: {"name": "A", "organisation": OrganisationFactory()}}
    with pytest.raises(Refused):
        write_safety_plan(access=here.access(), event=event, people=stranger)
    own = {SafetyRole.STEWARD: {"name": "A", "organisation": here.organisation()}}
    write_safety_plan(access=here.access(), event=event, people=own)
    assert SafetyPerson.objects.get().organisation == here.organisation()


def test_a_cancelled_event_needs_no_plan(here, event) -> None:
    cancel_event(access=here.access("coordinator"), event=event)
    with pytest.raises(Refused):
        write_safety_plan(access=here.access(), event=event, people=STEWARD)


def test_people_are_forgotten_a_month_after_the_event(here, event) -> None:
    write_safety_plan(
        access=here.access(),
        event=event,
        people=STEWARD,
        note="n",
        no_photo_seats=3,
    )
    with time_machine.travel("2026-04-01 09:00Z"):
        forget_safety_people()
    assert SafetyPerson.objects.exists()
    with time_machine.travel("2026-04-03 09:00Z"):
        forget_safety_people()
    assert not SafetyPerson.objects.exists()
    assert (SafetyPlan.objects.get().note, SafetyPlan.objects.get().no_photo_seats) == ("", 3)
