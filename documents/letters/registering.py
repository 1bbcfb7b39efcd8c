"""What open letters bring to the layers below. Called once from `ready()`."""

import datetime

from coalition.audit.words import register_actions
from coalition.clock import due
from coalition.workspaces.activity_words import register_words
from coalition.workspaces.notifications.kinds import register_kinds
from documents.domain.join_letter import forget_joinings
from documents.letters import words


def register() -> None:
    """Words, kinds of notification, and what is forgotten."""
    register_actions(words.ACTIONS)
    register_words(words.ACTIVITIES)
    register_kinds(words.KINDS)
    due.recur("documents.forget_joinings", forget_joinings, every=datetime.timedelta(days=1))
