"""Due work of questions: reminding who has not answered, fixing the outcome at the deadline."""

from typing import Any

from django.db import transaction

from coalition.core.clock import now
from documents.resolutions.audit import concern, keep
from documents.resolutions.enums import QuestionState
from documents.resolutions.models import Answer, Question
from documents.resolutions.outcome import outcome_of
from documents.resolutions.queries import answering_for, coordinators_in, tally_of


def settle_question(key: str, _payload: dict[str, Any]) -> None:
    """Fix the outcome of the question with the UUID `key`, once its deadline has passed, and tell everyone
    who was asked and the coordinators. Running it again changes nothing; a workspace that was archived
    meanwhile changes nothing either: what was answered counts."""
    with transaction.atomic():
        question = _locked(key)
        if question is None or question.deadline > now():
            return
        tally = tally_of(question)
        outcome = outcome_of(
            tally, rule=question.rule, quorum_kind=question.quorum_kind, quorum=question.quorum
        )
        question.state, question.outcome, question.closed_at = QuestionState.SETTLED, outcome, now()
        question.save(update_fields=["state", "outcome", "closed_at"])
        keep(
            question,
            action="question.settled",
            kind="question_settled",
            person=None,
            organisation=None,
            outcome=outcome.value,
        )
        asked = [one for row in question.asked.select_related("organisation") for one in answering_for(row)]
        people = {person.pk: person for person in [*asked, *coordinators_in(question.workspace)]}
        concern(
            question,
            people.values(),
            kind="question_settled",
            once=str(question.uuid),
            outcome=outcome.value,
        )


def remind_of_question(key: str, _payload: dict[str, Any]) -> None:
    """Remind those who may answer for organisations without an answer. Running it twice sends once."""
    with transaction.atomic():
        question = _locked(key)
        if question is None or question.deadline <= now() or question.workspace.archived_at is not None:
            return
        answered = Answer.objects.filter(question=question, superseded_at=None).values("organisation")
        for row in question.asked.exclude(organisation__in=answered).select_related("organisation"):
            concern(
                question,
                answering_for(row),
                kind="question_reminder",
                once=f"{row.organisation_id}:{question.uuid}",
                about=str(row.organisation.uuid),
                deadline=question.deadline.isoformat(),
            )


def _locked(key: str) -> Question | None:
    rows = Question.objects.select_for_update(of=("self",)).select_related("workspace")
    return rows.filter(uuid=key, state=QuestionState.OPEN).first()
