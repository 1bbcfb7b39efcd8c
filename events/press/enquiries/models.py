"""Press enquiries, lines of the message guide, and briefings."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Language, Organisation, User
from coalition.core.crypto import SealedTextField
from coalition.core.localized_text import LocalizedTextField
from coalition.personal_data.fields import OutsidersTextField
from documents.contacts.models import Beat
from documents.drafts.models import Handling
from documents.models import Fact
from events.core.models import Event
from events.press.models import PressDeskRow
from events.press.spokespersons.models import Spokesperson


class EnquiryState(models.TextChoices):
    """open → taken → answered or refused; taken → open, when it is unassigned."""

    OPEN = "open", pgettext_lazy("enquiry", "Nobody has taken it")
    TAKEN = "taken", pgettext_lazy("enquiry", "Being answered")
    ANSWERED = "answered", pgettext_lazy("enquiry", "Answered")
    REFUSED = "refused", pgettext_lazy("enquiry", "Refused")

    @property
    def is_over(self) -> bool:
        return self in {EnquiryState.ANSWERED, EnquiryState.REFUSED}


class AnswerWay(models.TextChoices):
    """Form in which the outlet wants the answer."""

    CALL = "call", pgettext_lazy("how to answer", "Call back")
    MAIL = "mail", pgettext_lazy("how to answer", "In writing, by mail")
    MESSENGER = "messenger", pgettext_lazy("how to answer", "In a messenger")
    RECORDED = "recorded", pgettext_lazy("how to answer", "Recorded interview")
    LIVE = "live", pgettext_lazy("how to answer", "Live on air")


class Enquiry(PressDeskRow):
    """Press enquiry, owned by the organisation that recorded it, encrypted. Other organisations of the
    workspace see outlet, language and topic, unless it is `shared` with them.

    `contact`: UUID of a contact of the media list. `deadline` and `interview_at` are moments, displayed in
    the time zone `zone`. `forgotten_at`: when the journalist's data was erased.
    """

    contact = models.UUIDField(null=True, blank=True)
    outlet = OutsidersTextField(_("outlet"))
    name = OutsidersTextField(_("name"), blank=True)
    reached_at = OutsidersTextField(_("how they are reached"), blank=True)
    question = OutsidersTextField(_("what they ask"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language)
    topic = models.CharField(_("topic"), max_length=12, choices=Beat, blank=True)
    region = models.CharField(_("region"), max_length=5, blank=True)
    way = models.CharField(max_length=12, choices=AnswerWay, default=AnswerWay.CALL)
    zone = models.CharField(max_length=64, default="Asia/Almaty")
    deadline = models.DateTimeField()
    interview_at = models.DateTimeField(null=True, blank=True)
    shared = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=EnquiryState, default=EnquiryState.OPEN)
    spokesperson = models.ForeignKey(
        Spokesperson, null=True, blank=True, on_delete=models.SET_NULL, related_name="enquiries"
    )
    came_at = models.DateTimeField()
    came_to = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = OutsidersTextField(blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["deadline", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=EnquiryState.OPEN) ^ Q(taken_for__isnull=False), name="enquiry_taken_for"
            )
        ]
        indexes = [models.Index(fields=["workspace", "state"], name="enquiry_state")]

    def __str__(self) -> str:
        return f"enquiry {self.uuid} ({self.state})"


class EnquiryNote(models.Model):
    """Note on an enquiry, encrypted."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="notes")
    words = OutsidersTextField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    on_behalf_of = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"note of enquiry {self.enquiry_id}"


class LineKind(models.TextChoices):
    """Kind of a line, in display order."""

    MESSAGE = "message", _("Key message")
    QUESTION = "question", _("Hard question")
    SAY = "say", pgettext_lazy("message guide", "Say")
    NOT_SAY = "not_say", pgettext_lazy("message guide", "Do not say")

    @property
    def several(self) -> Promise:
        """Return the heading of lines of this kind."""
        return {
            LineKind.MESSAGE: _("Key messages"),
            LineKind.QUESTION: _("Hard questions"),
            LineKind.SAY: pgettext_lazy("message guide", "Say"),
            LineKind.NOT_SAY: pgettext_lazy("message guide", "Do not say"),
        }[self]


MARKS = (Handling.ORGANISATION, Handling.WORKSPACE)  # allowed handling marks of a line
AFTER = datetime.timedelta(days=1)  # validity of a briefing's link after interview or deadline


class GuideLine(PressDeskRow):
    """Line of a workspace's message guide, in up to three languages: `head` is the message, the
    question or the wording, `text` the explanation or the answer. With `event` it applies to that event
    only. With the mark *my organisation* only seats of `organisation` may read it."""

    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("Kind"), max_length=10, choices=LineKind, default=LineKind.MESSAGE)
    topic = models.CharField(_("topic"), max_length=12, choices=Beat, blank=True)
    handling = models.CharField(max_length=14, choices=Handling, default=Handling.WORKSPACE)
    head = LocalizedTextField(
        _("In one sentence, or the question"),
        max_length=300,
        help_text=_("One language is enough: who reads another sees this one."),
    )
    text = LocalizedTextField(_("More, or the answer"), max_length=3000, blank=True)
    facts = models.ManyToManyField(Fact, blank=True, related_name="+")
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["workspace", "removed_at"], name="guide_lines_here")]

    def __str__(self) -> str:
        return f"line {self.uuid} of a message guide"


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
