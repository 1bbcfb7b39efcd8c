"""Press enquiries: question, deadline, assignee and outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.contacts.enums import Beat
from events.press.enquiries.enums import AnswerWay, EnquiryState
from events.press.spokespersons.models import Spokesperson


class Enquiry(models.Model):
    """Press enquiry, owned by the organisation that recorded it. Other organisations of the
    workspace see outlet, language and topic, unless it is `shared` with them. Question, journalist
    and their contact data are encrypted.

    `contact`: UUID of a contact of the media list. `deadline` and `interview_at` are moments,
    displayed in the time zone `zone`. `forgotten_at`: when the journalist's data was erased.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
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
    came_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
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
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    on_behalf_of = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"note of enquiry {self.enquiry_id}"
