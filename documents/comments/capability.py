"""What comments hand over to `documents.registry`."""

from documents.capability import Capability, Topic
from documents.comments import notifications, topics
from documents.comments.queries import threads_about
from documents.comments.retention import forget_guests
from documents.hooks import Hooks

COMMENTS = Capability(
    name="comments",
    urls="documents.comments.urls",
    audit_actions=notifications.ACTIONS,
    activities=notifications.ACTIVITIES,
    activity_links={"thread": "documents:thread"},
    notification_kinds=notifications.KINDS,
    subjects=notifications.SUBJECTS,
    topics={topics.KIND: Topic(topics.may_hear)},
    hooks=Hooks(subjects_of=[threads_about], guests_forgotten=[forget_guests]),
)
