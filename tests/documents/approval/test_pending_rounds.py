"""The desk says of a round what its matrix says: whether its rule lacks something."""

import datetime

import pytest

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import OfficeKind
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from documents.agreement.actions import leave_coalition
from documents.approval.actions.decide import (
    abstain,
    approve as approve_words,
    object_to,
    withdraw_attestation,
)
from documents.approval.actions.open_round import renew_round
from documents.approval.actions.phone import save_asking_table
from documents.approval.queries.boards import board_of, boards_of
from documents.approval.queries.rounds import rounds_to_settle, rule_lacks
from documents.drafts.models import ApprovalRule
from documents.models import Approval, ApprovalRound
from tests.documents.approval.builders import stage
from tests.documents.approval.test_attestations import answer, reviewer
from tests.factories import FreezeFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
HOUR = datetime.timedelta(hours=1)


def secretary():
    person = MembershipFactory().person
    give_office(by=None, person=person, kind=OfficeKind.SECRETARIAT)
    return person


def objects(made, round_, organisation, act=object_to):
    act(
        round_=round_,
        organisation=organisation,
        hashes=made.hashes(round_),
        person=made.representatives[organisation.pk],
    )


def anew(made, round_, words="Other words."):
    renew_round(access=made.access, round_=round_, versions=[made.version(words)], acknowledged=True)


def approve(made, round_, number=1):
    made.approve(round_, made.organisations[number])


CASES = {
    "objects": lambda made, round_: objects(made, round_, made.organisations[1]),
    "objects_then_anew": lambda made, round_: (
        objects(made, round_, made.organisations[1]),
        anew(made, round_),
    ),
    "objects_then_approves_anew": lambda made, round_: (
        objects(made, round_, made.organisations[1]),
        anew(made, round_),
        approve(made, round_),
    ),
    "objects_approves_anew_and_anew": lambda made, round_: (
        objects(made, round_, made.organisations[1]),
        anew(made, round_),
        approve(made, round_),
        anew(made, round_, "Third words."),
    ),
    "changes_then_anew": lambda made, round_: (
        made.ask_changes(round_, made.organisations[1]),
        anew(made, round_),
    ),
    "changes": lambda made, round_: made.ask_changes(round_, made.organisations[1]),
    "abstains": lambda made, round_: objects(made, round_, made.organisations[1], abstain),
    "disowned": lambda made, round_: (
        approve(made, round_),
        Approval.objects.filter(organisation=made.organisations[1]).update(objected_at=now()),
    ),
    "leaves": lambda made, _round: leave_coalition(
        organisation=made.organisations[1], person=made.representatives[made.organisations[1].pk]
    ),
    "objects_and_leaves": lambda made, round_: (
        objects(made, round_, made.organisations[1]),
        leave_coalition(
            organisation=made.organisations[1], person=made.representatives[made.organisations[1].pk]
        ),
    ),
    "nothing": lambda _made, _round: None,
    "frozen": lambda made, _round: FreezeFactory(organisation=made.organisations[1], frozen_at=now()),
}
LACKS_UNDER_SILENCE = {"objects", "objects_then_anew", "changes", "disowned"}


@pytest.mark.slow
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("rule", list(ApprovalRule))
@pytest.mark.parametrize("case", list(CASES))
def test_desk_and_matrix_say_the_same(case, rule, late):
    made = stage(2)
    save_asking_table(by=secretary(), rows=[], allows_no_objection=True)
    round_ = made.put(rule=rule, deadline=now() + 72 * HOUR)
    CASES[case](made, round_)
    made.approve(round_, made.organisations[0])
    if late:  # the desk asks the database what time it is
        round_.deadline = now() - HOUR
        round_.save(update_fields=["deadline"])
    complete = board_of(round_, PUBLIC).matrix.is_complete
    assert complete == boards_of([round_], None)[0].matrix.is_complete
    assert complete == ApprovalRound.objects.filter(~rule_lacks(), pk=round_.pk).exists()
    if late and rule == ApprovalRule.NO_OBJECTION:
        assert complete == (case not in LACKS_UNDER_SILENCE)


def test_the_desk_asks_the_matrix_which_translations_are_answered_for():
    """An answer between two languages that the organisation both relies on leads to nothing it approved."""
    made = stage(2)
    round_ = made.put("kk", "ru", "en", rule=ApprovalRule.ALL)
    made.approve(round_, made.organisations[0])
    first = answer(made, round_, reviewer(made), "ru", "kk")
    answer(made, round_, reviewer(made), "en", "ru")
    hashes = made.hashes(round_)
    approve_words(
        round_=round_,
        organisation=made.organisations[1],
        hashes={"kk": hashes["kk"]},
        relies={code: hashes[code] for code in ("ru", "en")},
        person=made.representatives[made.organisations[1].pk],
    )
    assert [one.lacks for one in rounds_to_settle(made.coordinator)] == [False]
    withdraw_attestation(access=reviewer(made), round_=round_, attestation=first)
    assert [one.lacks for one in rounds_to_settle(made.coordinator)] == [True]
