"""What comments register: messages, live topics, a tab beside a text, retention."""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import empty_in_batches
from documents.capability import Capability, SidePanel, Topic
from documents.comments import notifications
from documents.comments.models import Comment
from documents.comments.notifications import KIND, may_subscribe_to_comments
from documents.comments.queries import threads_about
from documents.hooks import Hooks


def erase_comment_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty names beside comments of guests with these links; returns how many."""
    return empty_in_batches(Comment.objects.filter(guest__in=links).exclude(guest_name=""), guest_name="")


COMMENTS = Capability(
    name="comments",
    urls="documents.comments.urls",
    audit_actions=notifications.ACTIONS,
    activities=notifications.ACTIVITIES,
    activity_links={"thread": "documents:thread"},
    notification_kinds=notifications.KINDS,
    subjects=notifications.SUBJECTS,
    topics={KIND: Topic(may_subscribe_to_comments)},
    panels=(
        SidePanel(
            "comments",
            _("Comments"),
            "documents/comments/_panel.html",
            "documents.comments.views.comments_panel_context",
            place=20,
        ),
    ),
    hooks=Hooks(subjects_of=[threads_about], guests_forgotten=[erase_comment_guests]),
)
