"""What drafts hand over to `documents.registry`."""

from coalition.accounts.registry import register_subjects
from documents.capability import Capability, Topic
from documents.drafts import messages, topics
from documents.drafts.enums import TextKind
from documents.drafts.live import backend
from documents.drafts.subjects import SUBJECTS


def _connect() -> None:
    backend.register()
    register_subjects(TextKind.choices)


DRAFTS = Capability(
    name="drafts",
    urls="documents.drafts.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    activity_links={"draft": "documents:draft"},
    labels=messages.LABELS,
    notification_kinds=messages.KINDS,
    subjects=SUBJECTS,
    topics={topics.KIND: Topic(topics.may_subscribe_to_draft, topics.draft_event_id)},
    connect=_connect,
)
