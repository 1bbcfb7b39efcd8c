"""What comments hand over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from documents.capability import Capability, SidePanel, Topic
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
    topics={topics.KIND: Topic(topics.may_subscribe_to_comments)},
    panels=(
        SidePanel(
            "comments",
            _("Comments"),
            "documents/comments/_panel.html",
            "documents.comments.views.comments_panel_context",
            place=20,
        ),
    ),
    hooks=Hooks(subjects_of=[threads_about], guests_forgotten=[forget_guests]),
)
