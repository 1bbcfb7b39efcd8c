"""Approvals by phone: codes that were sent to a representative, and calls that were made."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.approval.models.rounds import ApprovalRound
from documents.drafts.enums import CallOutcome


class PhoneCode(models.Model):
    """Six digits that were sent to one representative, to be read back in a call.

    Bound to the organisation and to `words` (language → hash of everything put). Of the code the database
    keeps a keyed hash only; whoever asked for it never sees it. Ten minutes, five tries, once.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="phone_codes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField(default=dict)
    code_hash = models.CharField(max_length=64, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"phone code {self.uuid}"


class PhoneCall(models.Model):
    """One call to one person who may decide for an organisation, and what came of it.

    `languages` and `relies`: what was approved in it; `words`: the hashes put then. Until somebody of
    another organisation calls back (`confirmed_by`), a call without a code counts only later.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(ApprovalRound, on_delete=models.CASCADE, related_name="phone_calls")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(_("what came of it"), max_length=12, choices=CallOutcome)
    note = models.CharField(_("note"), max_length=300, blank=True)
    languages = models.JSONField(default=list)
    relies = models.JSONField(default=list)
    words = models.JSONField(default=dict)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    caller_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"call {self.uuid}"
