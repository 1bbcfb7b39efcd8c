"""Hosting together needs consent, by a representative of the organisation asked."""

import pytest

from coalition.accounts.models import MembershipRole, Organisation
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Activity
from coalition.workspaces.permissions import NotAllowed
from coalition.workspaces.sentence_params import describe_activities
from events.cohosts.actions import answer_co_host, ask_co_hosts, leave_hosting, remove_co_host
from events.core.actions.plan import cancel_event
from events.core.enums import Consent
from events.core.naming import names_for
from events.core.queries import hosting_requests_of, hostings_of
from events.models import CoHost, Event
from tests.events.planning.builders import Stage, planned, representative_of, stage
from tests.factories import FreezeFactory, MembershipFactory, OrganisationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Stage:
    return stage()


@pytest.fixture
def event(here: Stage) -> Event:
    return planned(here.access())


@pytest.fixture
def partner(here: Stage) -> Organisation:
    organisation = OrganisationFactory(name_en="Open Hands")
    ParticipationFactory(workspace=here.workspace, organisation=organisation)
    return organisation


def ask(here: Stage, event: Event, organisation: Organisation, by: str = "editor") -> CoHost:
    [row] = ask_co_hosts(access=here.access(by), event=event, organisations=[organisation])
    return row


def test_nobody_is_named_before_it_consented(here, event, partner) -> None:
    row = ask(here, event, partner)
    person = representative_of(partner)
    assert list(hosting_requests_of(person)) == [row]
    assert "Open Hands" not in names_for(PUBLIC, event, language="en")
    answer_co_host(user=person, co_host=row, consents=True)
    assert names_for(PUBLIC, event, language="en")[1:] == ("Open Hands",)
    assert list(hostings_of(person)) == [row]
    assert not hosting_requests_of(person)
    event.refresh_from_db()
    assert event.sequence == 0
    sentences = [
        one.sentence for one in describe_activities(PUBLIC, Activity.objects.filter(kind="co_host_consented"))
    ]
    assert sentences == ["Open Hands hosts “Event kk” too."]


def test_who_declined_is_not_named_and_can_be_asked_again(here, event, partner) -> None:
    row = ask(here, event, partner)
    answer_co_host(user=representative_of(partner), co_host=row, consents=False)
    assert len(names_for(PUBLIC, event)) == 1
    again = ask(here, event, partner)
    assert (again.pk, again.state, again.decided_by) == (row.pk, Consent.ASKED, None)


def test_who_was_asked_already_is_left_alone(here, event, partner) -> None:
    row = ask(here, event, partner)
    assert ask_co_hosts(access=here.access(), event=event, organisations=[partner]) == []
    answer_co_host(user=representative_of(partner), co_host=row, consents=True)
    assert ask_co_hosts(access=here.access(), event=event, organisations=[partner]) == []


def test_only_representatives_of_the_organisation_answer(here, event, partner) -> None:
    row = ask(here, event, partner)
    strangers = [
        here.user("coordinator"),
        MembershipFactory(organisation=partner, role=MembershipRole.MEMBER).person,
        MembershipFactory(organisation=partner, role=MembershipRole.ALTERNATE).person,
        MembershipFactory(organisation=partner, role=MembershipRole.REPRESENTATIVE, ended_at=now()).person,
        MembershipFactory(role=MembershipRole.REPRESENTATIVE).person,
    ]
    for person in strangers:
        assert not hosting_requests_of(person)
        with pytest.raises(NotAllowed):
            answer_co_host(user=person, co_host=row, consents=True)


def test_a_frozen_organisation_does_not_answer(here, event, partner) -> None:
    row = ask(here, event, partner)
    person = representative_of(partner)
    FreezeFactory(organisation=partner, frozen_at=now())
    assert not hosting_requests_of(person)
    with pytest.raises(NotAllowed):
        answer_co_host(user=person, co_host=row, consents=True)


def test_consent_can_be_taken_back_from_both_sides(here, event, partner) -> None:
    row = ask(here, event, partner)
    person = representative_of(partner)
    with pytest.raises(Refused, match="does not host"):
        leave_hosting(user=person, co_host=row)
    answer_co_host(user=person, co_host=row, consents=True)
    left = leave_hosting(user=person, co_host=row)
    assert (left.state, left.decided_by) == (Consent.WITHDRAWN, person)
    row = ask(here, event, partner)
    for _twice in range(2):
        taken = remove_co_host(access=here.access("coordinator"), co_host=row)
    assert taken.state == Consent.WITHDRAWN
    assert Activity.objects.filter(kind="co_host_taken_back").count() == 1
    with pytest.raises(Refused, match="not asked any more"):
        answer_co_host(user=person, co_host=row, consents=True)


def test_of_a_cancelled_event_nobody_is_asked_but_anyone_may_leave(here, event, partner) -> None:
    waiting = OrganisationFactory()
    ParticipationFactory(workspace=here.workspace, organisation=waiting)
    row, open_one = ask(here, event, partner), ask(here, event, waiting)
    answer_co_host(user=representative_of(partner), co_host=row, consents=True)
    cancel_event(access=here.access(), event=event)
    assert not hosting_requests_of(representative_of(waiting))
    with pytest.raises(Refused, match="cancelled"):
        answer_co_host(user=representative_of(waiting), co_host=open_one, consents=True)
    with pytest.raises(Refused, match="cancelled"):
        ask(here, event, OrganisationFactory())
    assert leave_hosting(user=representative_of(partner), co_host=row).state == Consent.WITHDRAWN


def test_the_planning_one_one_from_elsewhere_and_one_that_may_not_see_it_are_not_asked(here, partner) -> None:
    event = planned(here.access(), restricted_to=(here.organisation(),))
    for organisation in (here.organisation(), OrganisationFactory(), partner):
        with pytest.raises(Refused):
            ask(here, event, organisation)
    assert not CoHost.objects.exists()


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_others_may_not_ask(here, event, partner, role) -> None:
    with pytest.raises(NotAllowed):
        ask(here, event, partner, by=role)
