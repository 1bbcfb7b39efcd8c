"""What legal reviews register: messages and retention."""

import datetime
from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.core.retention import empty_in_batches
from coalition.workspaces.notifications.kinds import NotificationKind
from documents.capability import Capability
from documents.hooks import Hooks
from documents.legal_review.item_words import register_finders
from documents.legal_review.models import Clearance

ACTIONS: Mapping[str, str | Promise] = {
    "legal.verdict": _("Verdict of a lawyer on a text"),
    "legal.marked": _("Said whether a lawyer has to read a draft"),
}
KINDS: Mapping[str, NotificationKind] = {
    "legal_verdict": NotificationKind(
        sentence=_("A lawyer has given a verdict on “%(title)s” (%(language)s)."),
        outline=_("A lawyer has given a verdict on a text."),
        icon="check",
        asks=True,
        link="documents:legal",
    ),
}


def erase_verdict_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty names beside verdicts of guests with these links; returns how many."""
    return empty_in_batches(Clearance.objects.filter(guest__in=links).exclude(guest_name=""), guest_name="")


LEGAL_REVIEW = Capability(
    name="legal_review",
    urls="documents.legal_review.urls",
    audit_actions=ACTIONS,
    notification_kinds=KINDS,
    hooks=Hooks(guests_forgotten=[erase_verdict_guests]),
    connect=register_finders,
)
