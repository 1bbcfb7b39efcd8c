"""Partners' calendars that were brought in, and their events."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation, User
from coalition.accounts.regions import REGIONS
from coalition.core.crypto import SealedTextField
from coalition.workspaces.models import Workspace
from events.core.enums import IntakeState, Source

_REGION_CHOICES = [(code, name) for code, name in REGIONS.items()]


class PartnerCalendar(models.Model):
    """A partner's calendar in a workspace, by URL (refreshed) or by file.

    The URL may contain a secret, so it is encrypted. `busy_only`: others see when, not what. `etag`
    and `last_modified` are the server's, sent back at the next fetch. `problem` and
    `PartnerEvent.reason` give the cause of a failure: a code and its values as JSON, translated by
    `intake.reasons`.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="partner_calendars")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(max_length=8, choices=Source)
    address = SealedTextField(_("address"), blank=True)
    zone = models.CharField(_("time zone for times that say none"), max_length=40, default="Asia/Almaty")
    region = models.CharField(_("region"), max_length=6, blank=True, choices=_REGION_CHOICES)
    busy_only = models.BooleanField(_("busy times only"), default=False)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    problem = models.JSONField(default=dict, blank=True)
    done = models.PositiveIntegerField(default=0)  # progress of the current reading
    total = models.PositiveIntegerField(default=0)
    reading_since = models.DateTimeField(null=True, blank=True)
    brought_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("partner's calendar")
        verbose_name_plural = _("partners' calendars")

    def __str__(self) -> str:
        return f"partner's calendar {self.uuid}"


class PartnerEvent(models.Model):
    """One event of a partner's calendar (a UID, or one changed occurrence of it), as it was read.

    `facts` is the event as JSON (`intake.facts`): none of the source's text is displayed before
    review. `digest` detects changes: a changed event waits for review again if its texts changed.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    calendar = models.ForeignKey(PartnerCalendar, on_delete=models.CASCADE, related_name="events")
    uid = models.CharField(max_length=255)
    recurrence_id = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=IntakeState, default=IntakeState.WAITING)
    reason = models.JSONField(default=dict, blank=True)  # why it was set aside
    title = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=420, blank=True)
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "uid", "recurrence_id"], name="one_partner_event_a_uid"
            )
        ]

    def __str__(self) -> str:
        return f"partner's event {self.uuid}"


class PartnerTime(models.Model):
    """One occurrence of a partner's event within the horizon: queried for months and conflicts."""

    event = models.ForeignKey(PartnerEvent, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="partner_time_range")]

    def __str__(self) -> str:
        return f"{self.starts_at} to {self.ends_at}"
