"""What drafts bring to the layers below: words, parts of the desk, live texts, due work. From `ready()`."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition import live
from coalition.audit.words import register_actions
from coalition.clock import due
from coalition.partners.subjects import register_subjects
from coalition.workspaces.activity_words import register_words
from coalition.workspaces.desk import coming_sources, waiting_sources, work_sources
from coalition.workspaces.notifications.kinds import register_kinds
from documents import (
    agreement_notices,
    approval_words,
    comment_notices,
    comment_topics,
    comment_words,
    desk,
    desk_approvals,
    desk_files,
    desk_publications,
    kept_for_a_while,
    language_topics,
    notification_kinds,
    notification_subjects,
    round_topics,
    trail_words,
    ways_words,
)
from documents.decisions import registering as decisions
from documents.domain import keep_history, organisation_logo
from documents.domain.embargo import lift_due
from documents.domain.embargo_trail import LIFT
from documents.domain.export_text import EXPORT, make_beside
from documents.domain.forget_writers import GATHER, gather_writing
from documents.domain.phases import FINAL, became_final
from documents.domain.phone import PHONE_COUNTS, a_day_has_passed
from documents.domain.put_to_approval import REMINDER
from documents.domain.remind import remind
from documents.domain.send_in import READ, read_beside
from documents.domain.thin_history import tend_histories
from documents.enums import TextKind
from documents.facts import registering as facts
from documents.letters import registering as letters
from documents.live import keeper
from documents.queries.questions import SUBJECT


def register_all() -> None:
    """Everything below, once."""
    _words()
    _desk()
    keeper.register()
    keep_history.register()
    organisation_logo.register()
    notification_subjects.register()
    register_kinds(notification_kinds.KINDS)
    register_kinds(ways_words.KINDS)
    comment_notices.register()
    live.register_topic(comment_topics.KIND, comment_topics.may_hear)
    live.register_topic(language_topics.KIND, language_topics.may_hear, language_topics.last_id)
    live.register_topic(round_topics.KIND, round_topics.may_hear, round_topics.last_id)
    due.register(REMINDER, remind)
    due.register(FINAL, became_final)
    due.register(PHONE_COUNTS, a_day_has_passed)
    due.register(LIFT, lift_due)
    due.register(EXPORT, make_beside)
    due.register(GATHER, gather_writing)
    due.register(READ, read_beside)
    kept_for_a_while.register()
    due.recur("documents.tend_histories", tend_histories, every=datetime.timedelta(minutes=10))
    register_subjects([*TextKind.choices, (SUBJECT, _("Decisions other than texts"))])
    decisions.register()
    letters.register()
    agreement_notices.register()
    facts.register()


def _words() -> None:
    register_words(
        trail_words.ACTIVITIES,
        links={"draft": "documents:draft", "file": "documents:file"},
        labels=trail_words.LABELS,
    )
    register_words(
        approval_words.ACTIVITIES,
        links={"round": "documents:round", "publication": "documents:publication"},
    )
    register_words(ways_words.ACTIVITIES, links={"round": "documents:round"})
    register_words(comment_words.ACTIVITIES, links={"thread": "documents:thread"})
    said = (trail_words, approval_words, ways_words, comment_words)
    for actions in (words.ACTIONS for words in said):
        register_actions(actions)


def _desk() -> None:
    work_sources.append(desk.texts_in_work)
    waiting_sources.extend(
        [
            desk_approvals.approvals_to_give,
            desk_approvals.rounds_waiting,
            desk_publications.to_decide,
            desk_files.files_of_guests,
        ]
    )
    coming_sources.extend([desk_approvals.deadlines, desk_publications.moments])
