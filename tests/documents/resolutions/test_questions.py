"""Putting a question, answering it for an organisation, and what is fixed at the deadline."""

import datetime

import pytest

from coalition.accounts.models import Mandate, MembershipRole, OrganisationKind
from coalition.accounts.naming import PUBLIC
from coalition.audit.models import AuditEntry
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification, Participation
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.drafts.presenters import short_moment
from documents.models import Answer, Question
from documents.resolutions.actions import withdraw_question
from documents.resolutions.models import AnswerKind, Outcome, QuestionRule, QuestionState, QuorumKind
from documents.resolutions.queries import (
    SUBJECT,
    asked_with_answers,
    readable_questions,
    tally_of,
    waiting_questions,
)
from documents.resolutions.views import answer_context
from tests.documents.approval.builders import stage, withheld
from tests.documents.resolutions.asking import DAYS, put, say
from tests.factories import FreezeFactory, MembershipFactory, UserFactory, seat


def at_the_deadline(question: Question) -> Question:
    with freeze_clock_at(question.deadline):
        scheduler.run_due(worker="tests")
    question.refresh_from_db()
    return question


def told(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=kind).values_list("person_id", flat=True))


@pytest.mark.django_db
def test_a_question_is_put_answered_changed_and_decided():
    made = stage(3)
    question = put(made)
    first, second, third = made.organisations
    assert told("question_asked") == {one.pk for one in made.representatives.values()} - {made.coordinator.pk}
    say(made, question, first)
    say(made, question, second, AnswerKind.OBJECTS, "Not in May.")
    say(made, question, second, AnswerKind.RESERVES, "If it is short.")  # changed its mind
    assert Answer.objects.filter(organisation=second).count() == 2  # what it said first stays on record
    assert at_the_deadline(question).outcome == Outcome.WITH_RESERVATIONS
    assert tally_of(question).words == ("Agree: 1. With reservation: 1. Abstain: 0. Object: 0. No answer: 1.")
    assert told("question_settled") == {one.pk for one in made.representatives.values()}
    with pytest.raises(Refused, match="closed"):
        say(made, question, third)
    actions = AuditEntry.objects.filter(target=question.uuid).values_list("action", flat=True)
    assert list(actions.order_by("pk")) == [
        "question.asked",
        *["question.answered"] * 3,
        "question.settled",
    ]


@pytest.mark.django_db
def test_the_deadline_is_the_end_also_before_the_outcome_is_fixed():
    made = stage()
    question = put(made)
    with freeze_clock_at(question.deadline), pytest.raises(Refused, match="deadline has passed"):
        say(made, question, made.organisations[0])
    assert at_the_deadline(question).outcome == Outcome.NO_QUORUM


@pytest.mark.django_db
def test_the_outcome_is_fixed_once_and_not_before_the_deadline():
    made = stage()
    question = put(made)
    with freeze_clock_at(question.deadline - datetime.timedelta(seconds=1)):
        scheduler.run_due(worker="tests")
    question.refresh_from_db()
    assert question.state == QuestionState.OPEN
    assert at_the_deadline(question).state == QuestionState.SETTLED
    scheduler.schedule(kind="question_deadline", key=str(question.uuid), due_at=question.deadline)
    at_the_deadline(question)
    assert AuditEntry.objects.filter(action="question.settled").count() == 1


@pytest.mark.django_db
def test_who_may_answer_and_who_not():
    made = stage()
    question, organisation = put(made), made.organisations[1]

    def mandate(subject: str, days: int = 1):
        membership = MembershipFactory(organisation=organisation)
        moment = now()
        Mandate.objects.create(
            membership=membership,
            subject=subject,
            valid_from=moment - DAYS,
            valid_until=moment + datetime.timedelta(days=days),
        )
        return membership.person

    for refused in [
        UserFactory(),
        made.coordinator,
        MembershipFactory(organisation=organisation).person,
        mandate("statement"),
        mandate("", days=-1),
    ]:
        with pytest.raises(NotAllowed):
            say(made, question, organisation, person=refused)
    alternate = MembershipFactory(organisation=organisation, role=MembershipRole.ALTERNATE).person
    for allowed in [alternate, mandate(""), mandate(SUBJECT)]:
        assert say(made, question, organisation, person=allowed).capacity in {"alternate", "mandate"}
    assert told("answered_for_you") == {made.representatives[organisation.pk].pk}
    assert OutboxMail.objects.filter(key__startswith="answered_for_you").count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["frozen", "left"])
def test_access_that_ended_ends_answering_and_its_silence_is_no_consent(how):
    made = stage()
    question = put(made, rule=QuestionRule.EVERYONE, quorum_kind=QuorumKind.NUMBER, quorum=1)
    organisation = made.organisations[1]
    if how == "frozen":
        FreezeFactory(organisation=organisation, frozen_at=now())
    else:
        Participation.objects.filter(organisation=organisation).update(ended_at=now())
    with pytest.raises(NotAllowed):
        say(made, question, organisation)
    assert not waiting_questions(made.representatives[organisation.pk]).exists()
    say(made, question, made.organisations[0])
    assert at_the_deadline(question).outcome == Outcome.NOT_EVERYONE


@pytest.mark.django_db
def test_what_was_answered_before_a_freeze_stays():
    made = stage()
    question = put(made, rule=QuestionRule.EVERYONE, quorum_kind=QuorumKind.NUMBER, quorum=2)
    for organisation in made.organisations:
        say(made, question, organisation)
    FreezeFactory(organisation=made.organisations[1], frozen_at=now())
    assert at_the_deadline(question).outcome == Outcome.ADOPTED


@pytest.mark.django_db
def test_reservations_and_objections_need_words():
    made = stage()
    question = put(made)
    for kind in (AnswerKind.RESERVES, AnswerKind.OBJECTS):
        with pytest.raises(Refused, match="in words"):
            say(made, question, made.organisations[1], kind, "  ")
    assert say(made, question, made.organisations[1], AnswerKind.ABSTAINS)


@pytest.mark.django_db
def test_only_coordinators_put_questions_and_only_ones_that_can_be_decided():
    made = stage()
    editor = seat(workspace=made.workspace, role=SeatRole.EDITOR)
    with pytest.raises(NotAllowed):
        put(made, access=access_to(editor.person, made.workspace.uuid))
    media = made.organisation(kind=OrganisationKind.MEDIA_PARTNER)
    frozen = made.organisation()
    FreezeFactory(organisation=frozen, frozen_at=now())
    for wrong in [
        {"organisations": []},
        {"organisations": [media]},
        {"organisations": [frozen]},
        {"deadline": now()},
        {"organisations": made.organisations[:2], "quorum_kind": QuorumKind.NUMBER, "quorum": 3},
    ]:
        with pytest.raises(Refused):
            put(made, **wrong)
    assert not Question.objects.exists()


@pytest.mark.django_db
def test_taken_back_it_stays_in_the_register_undecided():
    made = stage()
    question = put(made)
    withdraw_question(access=made.access, question=question)
    assert at_the_deadline(question).state == QuestionState.TAKEN_BACK
    assert put(made).number == 2
    with pytest.raises(Refused):
        withdraw_question(access=made.access, question=question)


@pytest.mark.django_db
def test_who_has_not_answered_is_reminded_a_day_before():
    made = stage(3)
    question = put(made)
    say(made, question, made.organisations[1])
    with freeze_clock_at(question.deadline - datetime.timedelta(hours=23)):
        scheduler.run_due(worker="tests")
    assert told("question_reminder") == {
        made.coordinator.pk,
        made.representatives[made.organisations[2].pk].pk,
    }


@pytest.mark.django_db
def test_who_reads_a_question():
    made = stage()
    question = put(made, organisations=[made.organisations[1]])
    reads = [
        made.coordinator,
        seat(workspace=made.workspace, role=SeatRole.REVIEWER).person,
        made.representatives[made.organisations[1].pk],
    ]
    not_reads = [
        seat(workspace=made.workspace, role=SeatRole.OBSERVER).person,
        MembershipFactory(organisation=made.organisations[1]).person,
        made.representatives[made.organisation().pk],
        UserFactory(is_superuser=True),
    ]
    for person, expected in [(one, True) for one in reads] + [(one, False) for one in not_reads]:
        assert readable_questions(person).filter(pk=question.pk).exists() is expected


@pytest.mark.django_db
def test_answers_tell_no_withheld_name(django_assert_num_queries):
    made = stage()
    secret = withheld(made)
    question = put(made)
    say(made, question, secret)
    line = answer_context(PUBLIC, *asked_with_answers(question)[-1])
    assert (line["mark"].withheld, line["state"]) == (True, "approved")
    assert line["when"] == short_moment(question.answers.get().at)  # without the person
    made.organisation()
    bigger = put(made)
    for one in (question, bigger):
        with django_assert_num_queries(2):
            asked_with_answers(one)
