"""What decisions bring to the layers below: words, the desk, due work. Called once from `ready()`."""

from coalition.audit.words import register_actions
from coalition.clock import due
from coalition.workspaces.activity_words import register_words
from coalition.workspaces.desk import waiting_sources
from coalition.workspaces.notifications.kinds import register_kinds
from documents import desk_questions
from documents.decisions import words
from documents.domain import ask_question, settle_question


def register() -> None:
    """Everything about questions and their answers."""
    register_words(words.ACTIVITIES, links={"question": "documents:question"}, labels=words.LABELS)
    register_actions(words.ACTIONS)
    register_kinds(words.KINDS)
    waiting_sources.append(desk_questions.questions_to_answer)
    due.register(ask_question.SETTLE, settle_question.settle_question)
    due.register(ask_question.REMIND, settle_question.remind_of_question)
