"""A question put to the organisations of a stage, and their answers."""

import datetime

from coalition.core.clock import now
from documents.models import Question
from documents.resolutions.actions import answer_question, ask_question
from documents.resolutions.models import AnswerKind, QuestionRule, QuorumKind
from tests.documents.approval.builders import Stage
from tests.recording import recorded

DAYS = datetime.timedelta(days=3)


@recorded
def put(made: Stage, **given: object) -> Question:
    return ask_question(
        access=given.pop("access", made.access),
        **{
            "title": "A fourth workshop",
            "words": "Do we hold it in May?",
            "rule": QuestionRule.CONSENT,
            "quorum_kind": QuorumKind.SHARE,
            "quorum": 50,
            "organisations": made.organisations,
            "deadline": now() + DAYS,
            **given,
        },
    )


@recorded
def say(made: Stage, question: Question, organisation, kind=AnswerKind.AGREES, words="", person=None):
    return answer_question(
        question=question,
        organisation=organisation,
        kind=kind,
        words=words,
        person=person or made.representatives[organisation.pk],
    )
