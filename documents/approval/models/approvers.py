"""Whom the coalition asks to approve which kind of text, by which rule and within how many hours."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.drafts.enums import Rule, TextKind


class AskingGroup(models.Model):
    """Organisations that are asked together, by a name: the steering group, those who work in the regions."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    organisations = models.ManyToManyField(Organisation, related_name="+", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AskingRow(models.Model):
    """One kind of text: a form is filled from it, and may be changed for one text.

    Without a `group` every organisation of the workspace is asked.
    """

    kind = models.CharField(max_length=20, choices=TextKind, unique=True)
    group = models.ForeignKey(AskingGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hours = models.PositiveSmallIntegerField(_("hours"), default=72)
    rule = models.CharField(max_length=12, choices=Rule, default=Rule.JOINED)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.kind


class AskingSetting(models.Model):
    """What the coalition allows: one row. Silence counts for nothing unless it says so."""

    allows_no_objection = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_asking_setting")]

    def __str__(self) -> str:
        return "asking"


class SilenceDeclined(models.Model):
    """The organisation has said that its silence is never to be counted."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"silence of {self.organisation_id}"
