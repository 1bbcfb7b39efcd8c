"""What was held is released or set aside by two people of two organisations, and that can be turned round."""

from collections import Counter

import pytest
from django.utils.timezone import localdate

from coalition.accounts.models import Freeze, Language, Organisation
from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.actions.confirm import confirm_support
from coalition.campaigns.appeals.actions.hold_states import set_states
from coalition.campaigns.appeals.actions.holds import decide_hold
from coalition.campaigns.appeals.desk_dashboard import waiting_holds
from coalition.campaigns.appeals.desk_queries import counts_of_version, holds_of
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.models import ContactConsent, Hold, Support, SupportChange, SupportTotal
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from tests.factories import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def states(hold: Hold) -> Counter[str]:
    return Counter(Support.objects.filter(hold=hold).values_list("state", flat=True))


def total(desk) -> int:
    return counts_of_version(desk.version).total


def test_the_second_vote_moves_the_rows_and_the_total(desk):
    hold = desk.hold(rows=3)
    decide_hold(access=desk.access, hold=hold, releases=True)
    assert (states(hold), total(desk)) == ({SupportState.HELD: 3}, 0)
    decided = decide_hold(access=desk.other(), hold=hold, releases=True)
    assert (states(hold), total(desk)) == ({SupportState.COUNTED: 3}, 3)
    assert (decided.state, decided.decided_at is None) == (HoldState.RELEASED, False)


def test_what_was_released_is_set_aside_by_two_others_and_back_again(desk):
    hold = desk.hold(rows=2)
    one, two = desk.access, desk.other()
    for releases, expected in ((True, 2), (False, 0), (True, 2)):
        for access in (one, two):
            decide_hold(access=access, hold=hold, releases=releases)
        assert total(desk) == expected
    hold.refresh_from_db()
    assert hold.state == HoldState.RELEASED


def test_votes_from_before_a_decision_do_not_count_again(desk):
    hold = desk.hold(rows=2)
    one, two, three = desk.access, desk.other(), desk.other()
    for access, releases in ((one, True), (two, True), (three, False)):
        decide_hold(access=access, hold=hold, releases=releases)
    assert total(desk) == 2
    decide_hold(access=two, hold=hold, releases=False)
    assert total(desk) == 0
    decide_hold(access=one, hold=hold, releases=True)
    assert total(desk) == 0


def test_two_who_agree_with_what_stands_outweigh_one_who_does_not(desk):
    hold = desk.hold(rows=2)
    one, two, three, four = desk.access, desk.other(), desk.other(), desk.other()
    given = ((one, True), (two, True), (three, False), (one, True), (two, True), (four, False))
    for access, releases in given:
        decide_hold(access=access, hold=hold, releases=releases)
    assert total(desk) == 2
    assert AuditEntry.objects.filter(action="appeal.hold_released").count() == 1


def freeze(organisation: Organisation) -> None:
    Freeze.objects.create(organisation=organisation, frozen_at=now())


def leave_workspace(organisation: Organisation) -> None:
    organisation.participations.update(ended_at=now())


def leave_coalition(organisation: Organisation) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(left_at=now())


@pytest.mark.parametrize("goes", [freeze, leave_workspace, leave_coalition])
def test_the_vote_of_an_organisation_that_takes_no_part_any_more_does_not_count(desk, goes):
    hold = desk.hold(rows=2)
    other = desk.other()
    decide_hold(access=other, hold=hold, releases=True)
    goes(other.organisation)
    decide_hold(access=desk.access, hold=hold, releases=True)
    assert (states(hold), total(desk)) == ({SupportState.HELD: 2}, 0)
    decide_hold(access=desk.other(), hold=hold, releases=True)
    assert total(desk) == 2


def test_what_was_decided_stays_when_an_organisation_leaves(desk):
    hold = desk.hold(rows=2)
    other = desk.other()
    for access in (other, desk.access):
        decide_hold(access=access, hold=hold, releases=True)
    leave_coalition(other.organisation)
    with pytest.raises(Refused, match="stands already"):
        decide_hold(access=desk.access, hold=hold, releases=True)
    decide_hold(access=desk.access, hold=hold, releases=False)
    assert total(desk) == 2


def test_a_vote_is_not_about_rows_that_are_confirmed_afterwards(desk):
    hold = desk.hold(rows=2, burst="same")
    late = desk.support(hold=hold, state=SupportState.UNCONFIRMED, address="late@tests.example")
    decide_hold(access=desk.access, hold=hold, releases=True)
    late.refresh_from_db()
    assert late.hold not in {hold, None}
    assert (late.hold.state, late.hold.burst, late.hold.reason) == (HoldState.WAITING, "same", {"rows": 1})
    assert late.hold.made_at == hold.made_at
    decide_hold(access=desk.other(), hold=hold, releases=True)
    assert confirm_support(token=SUPPORT.token(late)).state == SupportState.HELD
    assert total(desk) == 2


def test_a_hold_that_nobody_has_confirmed_is_not_shown_and_not_decided(desk):
    hold = desk.hold()
    row = desk.support(hold=hold, state=SupportState.UNCONFIRMED)
    assert list(holds_of(desk.appeal)) == []
    assert not waiting_holds(desk.made.coordinator).exists()
    with pytest.raises(Refused, match="Nobody has confirmed"):
        decide_hold(access=desk.access, hold=hold, releases=True)
    Support.objects.filter(pk=row.pk).update(state=SupportState.HELD)
    assert list(holds_of(desk.appeal)) == [hold]
    assert waiting_holds(desk.made.coordinator).exists()


def test_one_organisation_cannot_decide_alone(desk):
    hold = desk.hold(rows=1)
    colleague = desk.other(SeatRole.EDITOR, organisation=desk.access.organisation)
    decide_hold(access=desk.access, hold=hold, releases=False)
    with pytest.raises(Refused, match="another one"):
        decide_hold(access=colleague, hold=hold, releases=False)
    hold.refresh_from_db()
    assert (hold.state, states(hold)) == (HoldState.WAITING, {SupportState.HELD: 1})


def test_voting_for_what_stands_already_is_refused(desk):
    hold = desk.hold(rows=1)
    for access in (desk.access, desk.other()):
        decide_hold(access=access, hold=hold, releases=True)
    with pytest.raises(Refused, match="stands already"):
        decide_hold(access=desk.other(), hold=hold, releases=True)


@pytest.mark.parametrize("role", [SeatRole.OBSERVER, SeatRole.REVIEWER, SeatRole.CONTRIBUTOR])
def test_who_does_not_edit_decides_nothing(desk, role):
    hold = desk.hold(rows=1)
    with pytest.raises(NotAllowed):
        decide_hold(access=desk.other(role), hold=hold, releases=True)
    assert not hold.decisions.exists()


def test_nothing_is_decided_once_the_personal_data_ended(desk):
    hold = desk.hold(rows=1)
    desk.appeal.personal_data_ended_at = now()
    desk.appeal.save()
    with pytest.raises(Refused, match="ended"):
        decide_hold(access=desk.access, hold=hold, releases=True)


def test_released_rows_lose_their_address_unless_somebody_may_write_to_them(desk):
    hold = desk.hold(rows=2)
    asked, other = Support.objects.filter(hold=hold).order_by("pk")
    ContactConsent.objects.create(
        support=asked, organisation=OrganisationFactory(), words="Write to me.", day=localdate(now())
    )
    set_states(hold=hold, counted=True)
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.address, other.address) == ("held0@tests.example", "")
    assert other.address_print


def test_rows_that_are_set_aside_keep_their_address_for_a_decision_that_may_be_turned_round(desk):
    hold = desk.hold(rows=1)
    assert set_states(hold=hold, counted=False) == 1
    assert Support.objects.get(hold=hold).address == "held0@tests.example"
    assert total(desk) == 0


def test_moving_rows_again_moves_nothing_and_changes_no_total(desk):
    hold = desk.hold(rows=3)
    assert [set_states(hold=hold, counted=True) for _time in range(2)] == [3, 0]
    assert total(desk) == 3


def test_withdrawn_and_unconfirmed_rows_of_a_hold_stay_what_they_are(desk):
    hold = desk.hold(rows=1)
    desk.support(hold=hold, state=SupportState.WITHDRAWN)
    desk.support(hold=hold, state=SupportState.UNCONFIRMED)
    desk.support()
    assert set_states(hold=hold, counted=True) == 1
    assert states(hold) == {
        SupportState.COUNTED: 1,
        SupportState.WITHDRAWN: 1,
        SupportState.UNCONFIRMED: 1,
    }


def test_changes_are_told_by_region_and_language(desk):
    hold = desk.hold()
    for region, language in (("KZ-75", Language.KK), ("KZ-75", Language.KK), ("KZ-71", Language.RU)):
        desk.support(hold=hold, state=SupportState.HELD, region=region, language=language)
    SupportTotal.objects.create(version=desk.version, region="KZ-75", language="kk", count=40)
    set_states(hold=hold, counted=True)
    found = counts_of_version(desk.version)
    assert (found.total, found.regions, found.languages) == (
        43,
        {"KZ-75": 42, "KZ-71": 1},
        {"kk": 42, "ru": 1},
    )
    assert SupportChange.objects.count() == 2


def test_the_audit_log_names_each_vote_and_how_many_rows_moved(desk):
    hold = desk.hold(rows=2)
    for access in (desk.access, desk.other()):
        decide_hold(access=access, hold=hold, releases=False)
    entries = AuditEntry.objects.filter(action__startswith="appeal.hold").order_by("pk")
    assert [one.action for one in entries] == [
        "appeal.hold_voted",
        "appeal.hold_voted",
        "appeal.hold_set_aside",
    ]
    assert entries.last().detail == {"hold": str(hold.uuid), "rows": 2}
