"""Partners' calendars that were brought in, and their events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation, User
from coalition.core.crypto import SealedTextField
from coalition.workspaces.models import Workspace
from events.core.enums import IntakeState, Source
from events.core.models import Identified


class PartnerCalendar(Identified):
    """A partner's calendar in a workspace, by URL (refreshed) or by file.

    The URL may contain a secret, so it is encrypted. `busy_only`: others see when, not what. `etag` and
    `last_modified` are the server's, sent back at the next fetch. `problem` and `PartnerEvent.reason` give
    the cause of a failure: a code and its values as JSON, translated by `reader.limits`.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="partner_calendars")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(max_length=8, choices=Source)
    address = SealedTextField(_("address"), blank=True)
    zone = models.CharField(_("time zone for times that say none"), max_length=40, default="Asia/Almaty")
    region = models.CharField(_("region"), max_length=6, blank=True, choices=[*REGIONS.items()])
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

    @property
    def is_being_read(self) -> bool:
        """Whether it is being read, or soon will be for the first time."""
        return self.reading_since is not None or self.refreshed_at is None


class PartnerEvent(Identified):
    """One event of a partner's calendar (a UID, or one changed occurrence of it), as it was read.

    `facts` is the event as JSON (`reader.read.ReadFacts`): none of the source's text is displayed before
    review. `digest` detects changes: a changed event waits for review again if its texts changed.
    """

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


class PartnerTime(models.Model):
    """One occurrence of a partner's event within the horizon: queried for months and conflicts.

    `all_day`: whole local days in the calendar's zone, from `starts_at` to before `ends_at`.
    """

    event = models.ForeignKey(PartnerEvent, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="partner_time_range")]

    def __str__(self) -> str:
        return f"{self.starts_at} to {self.ends_at}"

    @property
    def calendar(self) -> PartnerCalendar:
        return self.event.calendar

    @property
    def title(self) -> str:
        """Return the title; "" if only the time is shared."""
        return "" if self.calendar.busy_only else self.event.title

    @property
    def place(self) -> str:
        """Return the place; "" if only the time is shared."""
        return self.event.place if self.title else ""
