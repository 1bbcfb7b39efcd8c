"""What drafts bring to the layers below: words, parts of the desk, live texts, due work. From `ready()`."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition import live
from coalition.accounts.subjects import register_subjects
from coalition.audit.words import register_actions
from coalition.jobs import scheduler
from coalition.jobs.scheduler import UntilDone
from coalition.workspaces.activity_words import register_words
from coalition.workspaces.dashboard import coming_sources, waiting_sources, work_sources
from coalition.workspaces.notifications.kinds import register_kinds
from documents import audit_messages, notification_kinds, notification_subjects, retention
from documents.agreement import registry as agreement_registry
from documents.approval import dashboard as approval_dashboard
from documents.approval import messages as approval_messages
from documents.approval import topics as approval_topics
from documents.approval.actions.open_round import FINAL, REMINDER, became_final, remind
from documents.approval.actions.phone import PHONE_COUNTS, a_day_has_passed
from documents.comments import notifications as comments_notifications
from documents.comments import topics as comments_topics
from documents.drafts import dashboard
from documents.drafts import topics as drafts_topics
from documents.drafts.enums import TextKind
from documents.drafts.live import backend
from documents.facts import registry as facts_registry
from documents.history import actions as history_actions
from documents.history.actions import GATHER, gather_writing, tend_histories
from documents.interchange import dashboard as interchange_dashboard
from documents.interchange.actions.export import EXPORT, make_beside
from documents.interchange.actions.upload import READ, read_beside
from documents.open_letters import registry as open_letters_registry
from documents.publication import dashboard as publication_dashboard
from documents.publication.actions import withdraw
from documents.publication.embargo.actions.schedule import lift_due, tell_late
from documents.publication.embargo.audit import LIFT
from documents.publication.embargo.queries import lifts_to_come
from documents.publication.verification.run import EVERY, verify_due
from documents.resolutions import registry as resolutions_registry
from documents.resolutions.queries import SUBJECT


def register_all() -> None:
    """Everything below, once."""
    _words()
    _desk()
    backend.register()
    history_actions.register()
    withdraw.register()
    notification_subjects.register()
    register_kinds(notification_kinds.KINDS)
    register_kinds(approval_messages.KINDS)
    comments_notifications.register()
    live.register_topic(comments_topics.KIND, comments_topics.may_hear)
    live.register_topic(drafts_topics.KIND, drafts_topics.may_hear, drafts_topics.last_id)
    live.register_topic(approval_topics.KIND, approval_topics.may_hear, approval_topics.last_id)
    scheduler.register(REMINDER, remind)
    scheduler.register(FINAL, became_final)
    scheduler.register(PHONE_COUNTS, a_day_has_passed)
    lifts = UntilDone(on_failure=tell_late, to_come=lifts_to_come)
    scheduler.register(LIFT, lift_due, until_done=lifts)
    scheduler.register(EXPORT, make_beside)
    scheduler.register(GATHER, gather_writing)
    scheduler.register(READ, read_beside)
    retention.register()
    scheduler.recur("documents.verify_publications", verify_due, every=EVERY)
    scheduler.recur("documents.tend_histories", tend_histories, every=datetime.timedelta(minutes=10))
    register_subjects([*TextKind.choices, (SUBJECT, _("Decisions other than texts"))])
    resolutions_registry.register()
    open_letters_registry.register()
    agreement_registry.register()
    facts_registry.register()


def _words() -> None:
    register_words(
        audit_messages.ACTIVITIES,
        links={"draft": "documents:draft", "file": "documents:file"},
        labels=audit_messages.LABELS,
    )
    register_words(
        approval_messages.ACTIVITIES,
        links={"round": "documents:round", "publication": "documents:publication"},
    )
    register_words(approval_messages.OFFLINE_ACTIVITIES, links={"round": "documents:round"})
    register_words(comments_notifications.ACTIVITIES, links={"thread": "documents:thread"})
    said = (audit_messages, approval_messages, approval_messages, comments_notifications)
    for actions in (words.ACTIONS for words in said):
        register_actions(actions)


def _desk() -> None:
    work_sources.append(dashboard.texts_in_work)
    waiting_sources.extend(
        [
            approval_dashboard.approvals_to_give,
            approval_dashboard.rounds_waiting,
            publication_dashboard.to_decide,
            interchange_dashboard.files_of_guests,
        ]
    )
    coming_sources.extend([approval_dashboard.deadlines, publication_dashboard.moments])
