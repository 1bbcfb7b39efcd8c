"""Roles and photography rules of a safety plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SafetyRole(models.TextChoices):
    """Responsibility of a person on the day."""

    STEWARD = "steward", _("Steward")
    LAWYER = "lawyer", _("Lawyer on call")
    FIRST_AID = "first_aid", _("First aid")
    PSYCHOLOGIST = "psychologist", _("Psychologist")
    STREAM = "stream", _("Stops the stream")


class PhotoRule(models.TextChoices):
    """Photography and filming rule, displayed to everyone who comes."""

    WITH_CONSENT = "consent", _("People are photographed only with their consent")
    STAGE_ONLY = "stage", _("Only the stage is photographed, never the room")
    NONE = "none", _("Nobody photographs or films")
