"""Conflicts of dates as one person is told them: the reason in words, and never of what is hidden."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from coalition.accounts.models import Listing
from coalition.accounts.naming import viewer_for
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.drafts.models import Handling
from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.conflicts.rules import Reason
from events.conflicts.search import DateProposal, conflicts_among, find_conflicts, proposal_for
from events.conflicts.sittings import enter_sitting, set_sitting_removed, sittings_for
from events.core.actions.plan import cancel_event
from events.core.actions.times import times_of
from events.core.enums import EventKind, Frequency, IntakeState, Source, Visibility
from events.core.facts import RecurrenceRule
from events.core.queries import events_for, prefetch_event_details
from events.models import PartnerCalendar, PartnerEvent, PartnerTime
from tests.events.planning.builders import (
    announced,
    exhibition,
    planned,
    press_conference,
    representative_of,
    stage,
    texts_of,
)
from tests.factories import OrganisationFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.django_db
UTC = datetime.UTC


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-20 09:00Z", tick=False), override("en"):
        yield


def found(user, event=None, proposal=None):
    proposal = proposal or proposal_for(event)
    return find_conflicts(user=user, viewer=viewer_for(user), proposal=proposal)


def reasons(user, event):
    return [one.reason for one in found(user, event).conflicts]


def test_another_event_in_the_city_at_that_hour_is_told_with_its_title_and_time():
    here = stage()
    other = press_conference(here.access("coordinator"))
    mine = planned(here.access())
    (conflict,) = found(here.user(), mine).conflicts
    assert conflict.words == "Almaty: “Press conference on Article 123 en” is there at the same time."
    assert conflict.when == "Tuesday 3 March 2026, 11:00–12:00"
    assert conflict.url == other.get_absolute_url()


def test_a_title_with_quotation_marks_gets_the_inner_ones():
    here = stage()
    announced(here.access("coordinator"), texts=texts_of("Film “Shift”"))
    (conflict,) = found(here.user(), planned(here.access())).conflicts
    assert conflict.words == "Almaty: “Film ‘Shift’ en” is there at the same time."


def test_the_same_organisation_elsewhere_is_a_conflict_too():
    here = stage()
    press_conference(here.access(), visibility=None)
    elsewhere = planned(here.access(), region="KZ-71")
    (conflict,) = found(here.user(), elsewhere).conflicts
    assert conflict.reason == Reason.ORGANISATION


def test_a_co_host_counts_once_it_consented():
    here = stage()
    guest = here.organisation("contributor")
    other = planned(here.access("coordinator"), region="KZ-71")
    (asked,) = ask_co_hosts(access=here.access("coordinator"), event=other, organisations=[guest])
    mine = DateProposal(times=times_of(other), region="KZ-75", hosts=(guest,))
    assert found(here.user(), proposal=mine).conflicts == ()
    answer_co_host(user=representative_of(guest), co_host=asked, consents=True)
    assert [one.reason for one in found(here.user(), proposal=mine).conflicts] == [Reason.ORGANISATION]


@pytest.mark.parametrize("change", ["cancelled", "deadline", "later", "itself"])
def test_what_is_in_nobodys_way(change):
    here = stage()
    kind = EventKind.DEADLINE if change == "deadline" else EventKind.MEETING
    other = planned(here.access("coordinator"), kind=kind)
    if change == "cancelled":
        cancel_event(access=here.access("coordinator"), event=other)
    starts = {"starts": "2026-03-03 12:00"} if change == "later" else {}
    mine = other if change == "itself" else planned(here.access(), **starts)
    assert reasons(here.user(), mine) == []


def test_opening_hours_are_in_nobodys_way():
    here = stage()
    exhibition(here.access("coordinator"))
    mine = planned(here.access(), starts="2026-03-12 12:00")
    assert reasons(here.user(), mine) == []
    opening = planned(here.access(), starts="2026-03-07 18:30")
    assert reasons(here.user(), opening) == [Reason.PLACE]


def test_what_the_person_may_not_see_is_no_conflict_and_shapes_no_free_time():
    here, elsewhere = stage(), stage()
    press_conference(elsewhere.access(), visibility=None)  # planned in a workspace of others
    planned(here.access("coordinator"), restricted_to=(here.organisation("coordinator"),))
    open_one = planned(here.access("coordinator"), title="Open")
    mine = planned(here.access())
    told = found(here.user(), mine)
    assert [one.url for one in told.conflicts] == [open_one.get_absolute_url()]
    # A hidden event at the first free time does not move it.
    start = told.free[0]
    words = {"starts": f"{start:%Y-%m-%d %H:%M}"}
    planned(elsewhere.access(), **words)
    planned(here.access("coordinator"), restricted_to=(here.organisation("coordinator"),), **words)
    assert found(here.user(), mine).free == told.free


def test_an_organisation_that_may_not_be_named_links_no_events():
    here = stage()
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL)
    other = WorkspaceFactory()
    access = access_to(seat(workspace=other, role=SeatRole.EDITOR, organisation=hidden).person, other.uuid)
    announced(access, visibility=Visibility.COALITION, region="KZ-71", handling=Handling.PUBLIC)
    here.take("contributor", name="hidden", organisation=hidden)
    mine = planned(here.access(), region="KZ-75")
    proposal = DateProposal(times=times_of(mine), region="KZ-75", hosts=(hidden,), event=mine.pk)
    assert found(here.user(), proposal=proposal).conflicts == ()


def partner_time(here, name="contributor", *, region="KZ-79", busy_only=False, state=IntakeState.SHOWN):
    calendar = PartnerCalendar.objects.create(
        workspace=here.workspace,
        organisation=here.organisation(name),
        name="Theirs",
        source=Source.FILE,
        region=region,
        busy_only=busy_only,
        created_at=datetime.datetime(2026, 2, 1, tzinfo=UTC),
    )
    event = PartnerEvent.objects.create(
        calendar=calendar, uid="one", state=state, title="" if busy_only else "City forum", digest="0"
    )
    PartnerTime.objects.create(
        event=event,
        starts_at=datetime.datetime(2026, 3, 3, 5, 30, tzinfo=UTC),
        ends_at=datetime.datetime(2026, 3, 3, 8, tzinfo=UTC),
    )
    return calendar


def test_partners_are_told_by_title_or_only_as_busy():
    here = stage()
    partner_time(here, region="KZ-75")
    mine = planned(here.access())
    (conflict,) = found(here.user(), mine).conflicts
    assert conflict.reason == Reason.PLACE
    assert "“City forum”" in conflict.words
    PartnerCalendar.objects.update(busy_only=True, region="KZ-47")
    (conflict,) = found(here.user(), mine).conflicts
    assert conflict.reason == Reason.PARTNER
    assert conflict.words.endswith(": busy then.")
    assert not conflict.is_loud


def test_what_nobody_reviewed_is_no_conflict():
    here = stage()
    partner_time(here, state=IntakeState.WAITING)
    assert reasons(here.user(), planned(here.access())) == []


def test_public_holidays_are_told_also_of_deadlines():
    here = stage()
    for kind in (EventKind.MEETING, EventKind.DEADLINE):
        mine = planned(here.access(), kind=kind, starts="2026-03-23 11:00")
        (conflict,) = found(here.user(), mine).conflicts
        assert conflict.reason == Reason.HOLIDAY
        assert conflict.words == "A public holiday: Nauryz."


def test_an_event_that_comes_again_is_looked_at_on_each_of_its_dates():
    here = stage()
    planned(here.access("coordinator"), starts="2026-03-17 11:30")
    weekly = planned(here.access(), rule=RecurrenceRule(Frequency.WEEKLY))
    told = found(here.user(), weekly)
    assert told.conflicts[0].when == "Tuesday 17 March 2026, 11:30–12:30"
    assert {one.date() for one in told.free} == {datetime.date(2026, 3, 3)}


def sitting(here, name="editor", **given):
    given = {
        "body": "Kurultai",
        "region": "",
        "starts_at": datetime.datetime(2026, 3, 3, 4, tzinfo=UTC),
        "ends_at": datetime.datetime(2026, 3, 3, 10, tzinfo=UTC),
        **given,
    }
    return enter_sitting(access=here.access(name), **given)


def test_a_sitting_is_told_until_it_is_removed_and_after_it_is_brought_back():
    here = stage()
    entered = sitting(here)
    mine = planned(here.access())
    (conflict,) = found(here.user(), mine).conflicts
    assert conflict.words == "Kurultai sits then."
    set_sitting_removed(access=here.access(), sitting=entered, removed=True)
    assert reasons(here.user(), mine) == []
    set_sitting_removed(access=here.access(), sitting=entered, removed=False)
    assert reasons(here.user(), mine) == [Reason.SITTING]


def test_who_may_not_plan_enters_no_sitting_and_other_workspaces_do_not_know_of_it():
    here = stage()
    with pytest.raises(NotAllowed):
        sitting(here, "contributor")
    sitting(here)
    assert sittings_for(here.user("observer")).count() == 1
    assert not sittings_for(stage().user()).exists()


def test_a_sitting_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refused):
        sitting(stage(), ends_at=datetime.datetime(2026, 3, 3, 3, tzinfo=UTC))


def test_the_month_is_told_of_both_events():
    here = stage()
    one, other = planned(here.access("coordinator")), planned(here.access())
    apart = planned(here.access(), starts="2026-03-04 11:00")
    span = {
        "first": datetime.datetime(2026, 3, 1, tzinfo=UTC),
        "last": datetime.datetime(2026, 4, 1, tzinfo=UTC),
    }
    rows = list(prefetch_event_details(events_for(here.user())))
    told = conflicts_among(viewer=viewer_for(here.user()), events=rows, busy=[], **span)
    assert set(told) == {(one.pk, one.starts_at), (other.pk, other.starts_at)}
    assert apart.pk not in {event for event, _starts in told}


def _queries(here, mine, count) -> int:
    user, viewer, proposal = here.user(), viewer_for(here.user()), proposal_for(mine)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told = find_conflicts(user=user, viewer=viewer, proposal=proposal)
    assert len(told.conflicts) == count
    return len(asked)


def test_the_number_of_queries_does_not_follow_the_number_of_events():
    here = stage()
    mine = planned(here.access())
    press_conference(here.access("coordinator"), visibility=None)
    one = _queries(here, mine, 1)
    for _ in range(2):
        press_conference(here.access("coordinator"), visibility=None)
    assert _queries(here, mine, 3) == one
