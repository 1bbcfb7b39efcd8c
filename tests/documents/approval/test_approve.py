"""What an organisation records, who may do it, and two people at once."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils.translation import override

from coalition.accounts.models import Mandate, Membership, MembershipRole
from coalition.accounts.naming import PUBLIC
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Participation
from coalition.workspaces.permissions import NotAllowed
from documents.approval.actions.decide import approve
from documents.approval.actions.open_round import renew_round
from documents.approval.queries.boards import board_of
from documents.approval.queries.rounds import undecided_for
from documents.drafts.models import CellState, DecisionKind, TextKind
from documents.models import Approval
from tests.documents.approval.builders import stage
from tests.factories import FreezeFactory, MembershipFactory, UserFactory


def cell(round_, organisation, language="kk"):
    return board_of(round_, PUBLIC).matrix.cells[organisation.pk, language]


def member(organisation, role=MembershipRole.MEMBER):
    return MembershipFactory(organisation=organisation, role=role)


def mandate(membership, *, days=(-1, 1), subject="", **given):
    moment = now()
    return Mandate.objects.create(
        membership=membership,
        subject=subject,
        valid_from=moment + datetime.timedelta(days=days[0]),
        valid_until=moment + datetime.timedelta(days=days[1]),
        **given,
    )


@pytest.mark.django_db
def test_a_representative_without_a_seat_approves_for_the_own_organisation():
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    approvals = made.approve(round_, organisation)
    assert [one.language for one in approvals] == ["kk", "ru"]
    assert {one.capacity for one in approvals} == {"representative"}
    assert cell(round_, organisation).state == CellState.APPROVED
    entry = AuditEntry.objects.get(action="approval.given")
    assert (entry.organisation, entry.detail["languages"]) == (organisation.uuid, ["kk", "ru"])


@pytest.mark.django_db
def test_who_may_approve_and_who_not():
    made = stage()
    made.draft.kind = TextKind.STATEMENT
    made.draft.save()
    round_, organisation = made.put(), made.organisations[1]
    for refused in [
        UserFactory(),
        made.coordinator,
        member(organisation).person,
        mandate(member(organisation), days=(-9, -1)).membership.person,
        mandate(member(organisation), days=(1, 9)).membership.person,
        mandate(member(organisation), subject=TextKind.APPEAL).membership.person,
        mandate(member(organisation), revoked_at=now()).membership.person,
    ]:
        with pytest.raises(NotAllowed):
            made.approve(round_, organisation, person=refused)
    for allowed in [
        member(organisation, MembershipRole.ALTERNATE).person,
        mandate(member(organisation), subject=TextKind.STATEMENT).membership.person,
        mandate(member(organisation)).membership.person,
    ]:
        assert made.approve(round_, organisation, person=allowed)
        Approval.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["frozen", "left the workspace", "left the organisation"])
def test_access_that_ended_ends_approving(how):
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    if how == "frozen":
        FreezeFactory(organisation=organisation, frozen_at=now())
    elif how == "left the workspace":
        Participation.objects.filter(organisation=organisation).update(ended_at=now())
    else:
        Membership.objects.filter(organisation=organisation).update(ended_at=now())
    with pytest.raises(NotAllowed):
        made.approve(round_, organisation)
    assert not undecided_for(made.representatives[organisation.pk]).exists()


@pytest.mark.django_db
def test_using_a_mandate_tells_the_representative():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    made.approve(round_, organisation, person=mandate(member(organisation)).membership.person)
    told = OutboxMail.objects.get(template="documents/decided_for_you")
    assert told.person == made.representatives[organisation.pk].uuid


@pytest.mark.django_db
def test_the_second_person_hears_who_was_first():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    made.approve(round_, organisation)
    with pytest.raises(Refused, match=f"by {made.representatives[organisation.pk].name}"):
        made.approve(round_, organisation, person=member(organisation, MembershipRole.ALTERNATE).person)


@pytest.mark.django_db
def test_words_that_are_not_those_that_were_read_are_refused():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    read = made.hashes(round_)
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")])
    with pytest.raises(Refused, match="newer version was put"):
        approve(
            round_=round_,
            organisation=organisation,
            hashes=read,
            person=made.representatives[organisation.pk],
        )
    made.write("And other words again.")
    with pytest.raises(Refused, match="changed since"):
        made.approve(round_, organisation)
    assert not Approval.objects.exists()


@pytest.mark.django_db
def test_an_edit_makes_an_approval_stale_and_says_so():
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    made.approve_all(round_)
    made.write("One word more.", "kk")
    assert cell(round_, organisation, "kk").state == CellState.REOPENED
    assert cell(round_, organisation, "ru").state == CellState.APPROVED
    obstacles = board_of(round_, PUBLIC).matrix.obstacles
    assert any("Kazakh" in words and "Put the newer version" in words for words in obstacles)
    assert not any("Russian" in words for words in obstacles)


@pytest.mark.django_db
def test_asking_for_changes_needs_a_reason_and_replaces_an_approval():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    with pytest.raises(Refused, match="without a reason"):
        made.ask_changes(round_, organisation, " ")
    made.approve(round_, organisation)
    made.ask_changes(round_, organisation, "Name the period.")
    found = cell(round_, organisation)
    assert (found.state, found.decision.reason) == (CellState.CHANGES_ASKED, "Name the period.")
    assert OutboxMail.objects.get(template="documents/changes_asked").person == made.coordinator.uuid
    made.approve(round_, organisation)
    assert cell(round_, organisation).state == CellState.APPROVED
    assert Approval.objects.filter(superseded_at=None).count() == 1


@pytest.mark.django_db
def test_what_waits_is_what_is_not_decided():
    made = stage()
    round_, organisation = made.put("kk", "ru"), made.organisations[1]
    person = made.representatives[organisation.pk]
    made.approve(round_, organisation, "kk")
    assert [asked.organisation for asked in undecided_for(person)] == [organisation]
    made.approve(round_, organisation, "ru")
    assert not undecided_for(person).exists()
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")])
    assert undecided_for(person).exists()


@pytest.mark.django_db
def test_the_last_approval_tells_the_coordinators():
    made = stage()
    round_ = made.put()
    made.approve_all(round_)
    assert OutboxMail.objects.get(template="documents/approvals_complete").person == made.coordinator.uuid


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_recorded_once():
    made = stage()
    round_, organisation = made.put(), made.organisations[1]
    people = [
        made.representatives[organisation.pk],
        member(organisation, MembershipRole.ALTERNATE).person,
    ]
    hashes, start, outcomes = made.hashes(round_), threading.Barrier(2), []

    def press(person):
        start.wait()
        try:
            approve(round_=round_, organisation=organisation, hashes=hashes, person=person)
            outcomes.append("recorded")
        except Refused as refusal:
            with override("en"):  # a new thread speaks the site's language
                outcomes.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1] == "recorded"
    assert outcomes.count("recorded") == 1
    assert any("Already approved by" in words for words in outcomes)
    assert Approval.objects.filter(superseded_at=None, decision=DecisionKind.APPROVED).count() == 1
