"""What a safety plan says: who answers for what, and how people are photographed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SafetyRole(models.TextChoices):
    """What somebody answers for on the day."""

    STEWARD = "steward", _("Steward")
    LAWYER = "lawyer", _("Lawyer on call")
    FIRST_AID = "first_aid", _("First aid")
    PSYCHOLOGIST = "psychologist", _("Psychologist")
    STREAM = "stream", _("Stops the stream")


class PhotoRule(models.TextChoices):
    """How people who come are photographed and filmed. Everyone who comes reads it."""

    WITH_CONSENT = "consent", _("People are photographed only with their consent")
    STAGE_ONLY = "stage", _("Only the stage is photographed, never the room")
    NONE = "none", _("Nobody photographs or films")
