"""What decisions bring to the layers below: words, the desk, due work. Called once from `ready()`."""

from coalition.audit.labels import register_actions
from coalition.jobs import scheduler
from coalition.workspaces.activity_sentences import register_activity_sentences
from coalition.workspaces.dashboard import waiting_sources
from coalition.workspaces.notifications.kinds import register_kinds
from documents.resolutions import actions, dashboard, messages


def register() -> None:
    """Everything about questions and their answers."""
    register_activity_sentences(
        messages.ACTIVITIES, links={"question": "documents:question"}, labels=messages.LABELS
    )
    register_actions(messages.ACTIONS)
    register_kinds(messages.KINDS)
    waiting_sources.append(dashboard.questions_to_answer)
    scheduler.register_handler(actions.SETTLE, actions.settle_question)
    scheduler.register_handler(actions.REMIND, actions.remind_of_question)
