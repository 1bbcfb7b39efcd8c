"""A question put to organisations in the world in which every secret has a word, and what they answer."""

import datetime

from coalition.accounts.models import Listing
from coalition.core.clock import now
from coalition.workspaces.permissions import access_to
from documents.resolutions.actions import answer_question, ask_question
from documents.resolutions.models import AnswerKind, QuestionRule, QuorumKind
from tests.permissions.world import DECIDERS, World


def add_decisions(made: World) -> None:
    """Somebody without a seat is asked too; an organisation whose name is withheld objects."""
    people = [made.people[name] for name in ("coordinator", "representative", Listing.WITHHELD.value)]
    asked = [person.memberships.get().organisation for person in people]
    question = ask_question(
        access=access_to(made.people["coordinator"], made.workspace.uuid),
        title=made.canary("question", "title", DECIDERS),
        words=made.canary("question", "words", DECIDERS),
        rule=QuestionRule.CONSENT,
        quorum_kind=QuorumKind.NUMBER,
        quorum=1,
        organisations=asked,
        deadline=now() + datetime.timedelta(days=2),
    )
    answer_question(
        question=question,
        organisation=asked[-1],
        kind=AnswerKind.OBJECTS,
        words=made.canary("question", "objection", DECIDERS),
        person=people[-1],
    )
    made.things["question"] = {"question": question.uuid, "organisation": asked[1].uuid}
