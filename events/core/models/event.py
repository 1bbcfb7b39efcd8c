"""An event: something with a time and a place."""

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.regions import REGIONS
from coalition.workspaces.models import Workspace
from documents.drafts.enums import Handling
from documents.models import Draft, StoredFile
from events.core.enums import EventKind, EventState, Frequency, GettingIn, Visibility


def public_storage() -> Storage:
    return storages["public"]


class Event(models.Model):
    """A press conference, an exhibition, a meeting …, planned in a workspace by an organisation.

    What people mean is a time on the wall of a place: `starts_on`, `starts_at_time` and their ends are
    local, in `zone` (IANA). `starts_at` and `ends_at` are the same as moments (UTC) and `lasts_until` the
    end of the last occurrence (None: without end); `domain.times.settle` derives them at every save and
    nobody else writes them. Without `starts_at_time` the event is a whole day.

    An exhibition that runs has its opening (or nothing) as its own time, and `run_from` to `run_until`
    with opening hours (`OpeningHours`, `SpecialDay`): never one block over all its days.

    `address_for_confirmed`: whoever is neither confirmed nor works on it reads the region alone
    (`telling.facts_for`).

    `sequence` is RFC 5545's: it rises with every change of time, place or state once the event is told.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="events")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    state = models.CharField(max_length=10, choices=EventState, default=EventState.PLANNED)
    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=Visibility, default=Visibility.WORKSPACE
    )
    handling = models.CharField(
        _("handling mark"), max_length=12, choices=Handling, default=Handling.WORKSPACE
    )
    restricted = models.BooleanField(_("only for some organisations"), default=False)
    restricted_to = models.ManyToManyField(Organisation, blank=True, related_name="+")
    slug = models.SlugField(max_length=80, unique=True, null=True, blank=True)  # from announcement on

    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Almaty")
    starts_on = models.DateField(_("date"))
    starts_at_time = models.TimeField(_("begins at"), null=True, blank=True)
    ends_on = models.DateField(_("last date"))
    ends_at_time = models.TimeField(_("ends at"), null=True, blank=True)
    run_from = models.DateField(_("open from"), null=True, blank=True)
    run_until = models.DateField(_("open until"), null=True, blank=True)
    frequency = models.CharField(_("comes again"), max_length=8, choices=Frequency, blank=True)
    interval = models.PositiveSmallIntegerField(_("every"), default=1)
    weekdays = models.JSONField(_("on these days"), default=list, blank=True)  # of Weekday
    repeat_until = models.DateField(_("until"), null=True, blank=True)
    starts_at = models.DateTimeField(editable=False, db_index=True)
    ends_at = models.DateTimeField(editable=False)
    lasts_until = models.DateTimeField(null=True, editable=False, db_index=True)

    region = models.CharField(
        _("region"), max_length=6, blank=True, choices=[(code, name) for code, name in REGIONS.items()]
    )
    address_for_confirmed = models.BooleanField(_("address only for the confirmed"), default=False)
    map_link = models.URLField(_("link to a map"), blank=True)
    step_free = models.CharField(_("getting in"), max_length=10, choices=GettingIn, default=GettingIn.UNKNOWN)
    online_link = models.URLField(_("link for those who join online"), blank=True)
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    picture = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    public_picture = models.FileField(storage=public_storage, blank=True, editable=False)

    sequence = models.PositiveIntegerField(default=0)
    moved_from = models.JSONField(null=True, blank=True)  # {"starts_on", "starts_at_time"} as it was told
    announced_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()  # LAST-MODIFIED and DTSTAMP
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "id"]
        default_permissions = ()
        permissions = [("read_restricted_event", "Read a restricted event")]
        indexes = [
            models.Index(fields=["visibility", "state", "starts_at"], name="event_told"),
            models.Index(fields=["workspace", "starts_at"], name="event_of_workspace"),
        ]

    def __str__(self) -> str:
        return f"event {self.uuid}"

    def get_absolute_url(self) -> str:
        return reverse("events:event", args=[self.uuid])

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def all_day(self) -> bool:
        return self.starts_at_time is None

    @property
    def local_start(self) -> datetime.datetime:
        """The start in the event's zone; midnight for a whole day."""
        return self.starts_at.astimezone(self.zone_info)

    @property
    def local_end(self) -> datetime.datetime:
        return self.ends_at.astimezone(self.zone_info)

    @property
    def first_told(self) -> tuple[datetime.date, datetime.time | None] | None:
        """Date and local time as they were told at first; None if the event was not moved."""
        told = self.moved_from or {}
        if not told.get("starts_on"):
            return None
        time = told.get("starts_at_time")
        return (
            datetime.date.fromisoformat(told["starts_on"]),
            datetime.time.fromisoformat(time) if time else None,
        )

    @property
    def is_public(self) -> bool:
        """Whether everyone may see it now: as `queries.events.public_events` says."""
        open_to_all = self.handling == Handling.PUBLIC and not self.restricted
        return self.visibility == Visibility.PUBLIC and self.is_told and open_to_all

    @property
    def is_told(self) -> bool:
        """Whether anybody was told of it. What was cancelled before never was."""
        return self.announced_at is not None


class EventUserPermission(UserObjectPermissionBase):
    """Guardian's user rows on a restricted event. None are written."""

    content_object = models.ForeignKey(Event, on_delete=models.CASCADE)


class EventGroupPermission(GroupObjectPermissionBase):
    """Guardian's group rows on a restricted event: groups per workspace and organisation."""

    content_object = models.ForeignKey(Event, on_delete=models.CASCADE)


class EventText(models.Model):
    """The words of an event in one language. An event may be planned in one language and told in three.

    `component` keeps the VEVENTs as the feeds of this language print them, written whenever the event is
    (`events.feeds.cache`), so that a feed is a join of strings. Only for public events; empty otherwise.
    `component_at`: when it last became another.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5, choices=Language)
    title = models.CharField(_("title"), max_length=160, blank=True)
    text = models.TextField(_("what it is about"), blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    access_notes = models.CharField(_("notes on access"), max_length=400, blank=True)
    component = models.TextField(blank=True, editable=False)
    component_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "language"], name="one_event_text_a_language")
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} {self.language}"
