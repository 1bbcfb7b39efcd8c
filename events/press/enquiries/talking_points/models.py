"""Message guide for the press: key messages, hard questions with answers, wording to use and to
avoid."""

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.core.crypto import SealedTextField
from coalition.workspaces.models import Workspace
from documents.contacts.enums import Beat
from documents.drafts.enums import Handling
from documents.models import Fact
from events.core.models import Event
from events.press.enquiries.models import Enquiry
from events.press.enquiries.talking_points.enums import LineKind

MARKS = (Handling.ORGANISATION, Handling.WORKSPACE)  # allowed handling marks of a line
AFTER = datetime.timedelta(days=1)  # validity of a briefing's link after interview or deadline


class GuideLine(models.Model):
    """Line of a workspace's message guide, in up to three languages: `head` is the message, the
    question or the wording, `text` the explanation or the answer, both by language code. With
    `event` it applies to that event only. With the mark *my organisation* only seats of
    `organisation` may read it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind)
    topic = models.CharField(_("topic"), max_length=12, choices=Beat, blank=True)
    handling = models.CharField(max_length=14, choices=Handling, default=Handling.WORKSPACE)
    head = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    facts = models.ManyToManyField(Fact, blank=True, related_name="+")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["workspace", "removed_at"], name="guide_lines_here")]

    def __str__(self) -> str:
        return f"line {self.uuid} of a message guide"

    def language_for(self, language: str) -> str:
        """Return the language in which a reader of `language` gets it; "" if the line is empty."""
        return next((one for one in (language, *Language.values) if self.head.get(one)), "")


class Briefing(models.Model):
    """Note for the spokesperson in one interview: chosen lines, and a text, encrypted. It is
    readable by a link until a day after the interview; the database stores the hash of its token,
    and `link_number` invalidates earlier links."""

    enquiry = models.OneToOneField(Enquiry, on_delete=models.CASCADE, related_name="briefing")
    note = SealedTextField(blank=True)
    lines = models.ManyToManyField(GuideLine, blank=True, related_name="+")
    changed_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    link_number = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.UUIDField(null=True, blank=True)  # the spokesperson who got the link
    opened_at = models.DateTimeField(null=True, blank=True)

    @property
    def open_until(self) -> datetime.datetime:
        """Return when its link expires, as an aware moment."""
        enquiry = self.enquiry
        return max(enquiry.deadline, enquiry.interview_at or enquiry.deadline) + AFTER

    def __str__(self) -> str:
        return f"briefing of enquiry {self.enquiry_id}"
