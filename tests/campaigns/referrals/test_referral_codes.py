"""Codes are made in a press, for one organisation or all, and lead on for as long as paper hangs."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.audit.models import AuditEntry
from coalition.campaigns.referrals.actions import (
    end_referral_code,
    make_referral_code,
    make_referral_codes_for_all,
    resume_referral_code,
)
from coalition.campaigns.referrals.enums import Medium
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay
from coalition.campaigns.referrals.queries import codes_for, creditable_code, numbers_of
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Participation
from coalition.workspaces.permissions import NotAllowed
from events.core.models import PrintedCode
from events.core.printed_codes import find_code, resolve_printed_code
from tests.campaigns.referrals.actions_to_lead_to import APPEAL, OTHER
from tests.events.planning.builders import stage
from tests.factories import FreezeFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


def address_of(code: str, language: str) -> str:
    return resolve_printed_code(find_code(code), language).address


def make(access, **given):
    return make_referral_code(
        access=access, **{"action": "appeal", "target": APPEAL, "medium": Medium.POSTER, **given}
    )


def make_for_all(access, **given):
    return make_referral_codes_for_all(
        access=access, **{"action": "appeal", "target": APPEAL, "medium": Medium.POSTER, **given}
    )


def test_pressing_twice_gives_the_same_code(action) -> None:
    here = stage()
    first = make(here.access("contributor"), label="Library")
    assert make(here.access("contributor"), label="Library") == first
    assert make(here.access("contributor"), label="School") != first
    assert first.organisation == here.organisation("contributor")
    assert PrintedCode.objects.get(target=first.uuid).code == first.code


def test_the_same_code_can_be_made_in_two_workspaces_and_again_after_it_has_ended(action) -> None:
    here = stage()
    access = here.access("contributor")
    first = make(access)
    elsewhere = stage()
    elsewhere.take("contributor", name="same", organisation=first.organisation)
    assert make(elsewhere.access("same")).pk != first.pk
    end_referral_code(access=access, code=first)
    assert make(access).pk != first.pk


@pytest.mark.parametrize(
    ("role", "own", "for_all"),
    [
        ("observer", False, False),
        ("reviewer", True, False),
        ("contributor", True, False),
        ("editor", True, False),
        ("coordinator", True, True),
    ],
)
def test_who_may_make_codes(action, role, own, for_all) -> None:
    here = stage()
    for allowed, act in ((own, make), (for_all, make_for_all)):
        if allowed:
            act(here.access(role))
        else:
            with pytest.raises(NotAllowed):
                act(here.access(role))
    if not own:
        make(here.access("contributor"))
        assert not codes_for(here.access(role)).exists()


def test_nobody_makes_codes_in_an_archived_workspace(action) -> None:
    here = stage()
    here.workspace.archived_at = now()
    here.workspace.save()
    for act in (make, make_for_all):
        with pytest.raises(NotAllowed):
            act(here.access("coordinator"))


def test_no_code_leads_to_what_is_not_public(action) -> None:
    here = stage()
    action.is_public = False
    for act in (make, make_for_all):
        with pytest.raises(Refused):
            act(here.access("coordinator"))
    assert not ReferralCode.objects.exists()


def test_one_press_makes_a_code_for_each_organisation_that_has_none(action) -> None:
    here = stage()
    kept = make(here.access("editor"))
    left = ParticipationFactory(workspace=here.workspace)
    Participation.objects.filter(pk=left.pk).update(ended_at=now())
    frozen = ParticipationFactory(workspace=here.workspace)
    FreezeFactory(organisation=frozen.organisation, frozen_at=now())
    assert make_for_all(here.access("coordinator")) == 4
    assert make_for_all(here.access("coordinator")) == 0
    found = ReferralCode.objects.filter(workspace=here.workspace)
    assert set(found.values_list("organisation", flat=True)) == {
        here.organisation(role).pk
        for role in ("observer", "reviewer", "contributor", "editor", "coordinator")
    }
    assert ReferralCode.objects.get(organisation=kept.organisation) == kept
    assert PrintedCode.objects.filter(kind="referral").count() == 5
    entry = AuditEntry.objects.get(action="referral.made_for_all")
    assert entry.detail["n"] == 4


def test_a_press_for_all_costs_the_same_for_two_organisations_and_for_twelve(action) -> None:
    def queries(more):
        here = stage()
        for _one in range(more):
            ParticipationFactory(workspace=here.workspace)
        access = here.access("coordinator")
        with CaptureQueriesContext(connection) as counted:
            make_for_all(access)
        return len(counted)

    assert queries(0) == queries(10)


def test_only_the_own_organisation_and_coordinators_see_a_code_and_end_it(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    assert list(codes_for(here.access("contributor"))) == [code]
    assert not codes_for(here.access("editor")).exists()
    assert list(codes_for(here.access("coordinator"))) == [code]
    with pytest.raises(NotAllowed):
        end_referral_code(access=here.access("editor"), code=code)
    end_referral_code(access=here.access("coordinator"), code=code)
    end_referral_code(access=here.access("contributor"), code=code)
    assert AuditEntry.objects.filter(action="referral.ended").count() == 1


def test_a_code_leads_to_its_action_with_credit_until_it_ends_and_to_what_follows_after(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    with time_machine.travel(datetime.timedelta(days=3650 - 1), tick=False):
        assert address_of(code.code.lower(), "kk") == f"/kk/support/word/from/{code.code}/"
    end_referral_code(access=here.access("contributor"), code=code)
    assert address_of(code.code, "ru") == "/ru/support/word/"
    action.is_over = True
    assert address_of(code.code, "kk") == "/kk/week/"
    action.is_over, action.is_public = False, False
    assert not address_of(code.code, "kk")


def test_only_an_open_code_of_the_same_action_is_credited(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    assert creditable_code(code.code.lower(), APPEAL) == code
    assert creditable_code(code.code, OTHER) is None
    assert creditable_code("A" * 300, APPEAL) is None
    end_referral_code(access=here.access("contributor"), code=code)
    assert creditable_code(code.code, APPEAL) is None


@time_machine.travel("2026-03-10 09:00Z", tick=False)
def test_numbers_of_seven_days_and_of_all_and_what_is_credited(action) -> None:
    here = stage()
    code, other = make(here.access("contributor")), make(here.access("editor"), target=OTHER)
    today = datetime.date(2026, 3, 10)
    for back, opened in ((0, 1), (6, 2), (7, 4)):
        ReferralDay.objects.create(code=code, day=today - datetime.timedelta(days=back), opened=opened)
    action.credited = {code.pk: 39, other.pk: 9}
    rows = numbers_of(codes_for(here.access("coordinator")))
    found = {one.code: (one.opened, one.opened_lately, one.credited) for one in rows}
    assert found == {code: (7, 3, 30), other: (0, 0, 0)}
    assert action.asked == [sorted([APPEAL, OTHER])]  # once for all codes


def test_an_organisation_has_so_many_open_codes_at_most(action, monkeypatch) -> None:
    monkeypatch.setattr("coalition.campaigns.referrals.actions.MOST_OPEN", 2)
    here = stage()
    access = here.access("contributor")
    first = make(access, label="1")
    make(access, label="2")
    with pytest.raises(Refused):
        make(access, label="3")
    assert make(access, label="1") == first
    end_referral_code(access=access, code=first)
    make(access, label="3")


def test_an_ended_code_is_brought_back_and_credits_again_with_all_that_it_had(action) -> None:
    here = stage()
    access = here.access("contributor")
    code = make(access)
    action.credited = {code.pk: 30}
    end_referral_code(access=access, code=code)
    resume_referral_code(access=access, code=code)
    assert creditable_code(code.code, APPEAL) == code
    assert address_of(code.code, "kk") == f"/kk/support/word/from/{code.code}/"
    assert [one.credited for one in numbers_of([code])] == [30]
    assert make(access) == code
    entry = AuditEntry.objects.get(action="referral.resumed")
    assert (entry.target, entry.detail["code"]) == (code.uuid, code.code)


def test_only_who_may_end_a_code_may_bring_it_back(action) -> None:
    here = stage()
    code = make(here.access("contributor"))
    end_referral_code(access=here.access("contributor"), code=code)
    for role in ("editor", "reviewer", "observer"):
        with pytest.raises(NotAllowed):
            resume_referral_code(access=here.access(role), code=code)
    resume_referral_code(access=here.access("coordinator"), code=code)
    end_referral_code(access=here.access("coordinator"), code=code)
    here.workspace.archived_at = now()
    here.workspace.save()
    for role in ("contributor", "coordinator"):
        with pytest.raises(NotAllowed):
            resume_referral_code(access=here.access(role), code=code)
    assert AuditEntry.objects.filter(action="referral.resumed").count() == 1


def test_a_code_that_has_not_ended_is_not_brought_back(action) -> None:
    here = stage()
    access = here.access("contributor")
    code = make(access)
    with pytest.raises(Refused, match="has not ended"):
        resume_referral_code(access=access, code=code)
    end_referral_code(access=access, code=code)
    resume_referral_code(access=access, code=code)
    with pytest.raises(Refused, match="has not ended"):
        resume_referral_code(access=access, code=code)


def test_no_code_of_a_frozen_organisation_is_brought_back(action) -> None:
    here = stage()
    access = here.access("contributor")
    code = make(access)
    end_referral_code(access=access, code=code)
    FreezeFactory(organisation=code.organisation, frozen_at=now())
    with pytest.raises(Refused, match="does not take part"):
        resume_referral_code(access=here.access("coordinator"), code=code)


def test_no_code_is_brought_back_beside_an_open_one_for_the_same(action) -> None:
    here = stage()
    access = here.access("contributor")
    first = make(access, label="Library")
    end_referral_code(access=access, code=first)
    second = make(access, label="Library")
    make(here.access("editor"), label="Library")  # of another organisation: in nobody's way
    with pytest.raises(Refused, match=second.code):
        resume_referral_code(access=access, code=first)
    end_referral_code(access=access, code=second)
    resume_referral_code(access=access, code=first)
    assert make(access, label="Library") == first


def test_bringing_back_heeds_how_many_open_codes_the_organisation_has(action, monkeypatch) -> None:
    monkeypatch.setattr("coalition.campaigns.referrals.actions.MOST_OPEN", 2)
    here = stage()
    access, lead = here.access("contributor"), here.access("coordinator")
    first = make(access, label="1")
    end_referral_code(access=access, code=first)
    second = make(access, label="2")
    make(access, label="3")
    for one in (access, lead):
        with pytest.raises(Refused, match="so many"):
            resume_referral_code(access=one, code=first)
    end_referral_code(access=access, code=second)
    make(lead, label="1")
    make(lead, label="2")  # the coordinator's own are not counted
    resume_referral_code(access=lead, code=first)
    first.refresh_from_db()
    assert first.ended_at is None
