"""An event: something with a time and a place."""

import datetime
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from uuid_utils.compat import uuid7

from coalition.accounts.models import REGIONS, Language, Organisation, User
from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.crypto import SealedTextField
from coalition.core.localized_text import LocalizedTextField
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.drafts.models import Handling
from documents.models import Draft, StoredFile
from events.core.enums import (
    Answer,
    Audience,
    Consent,
    EventKind,
    EventState,
    Frequency,
    GettingIn,
    PressState,
    Visibility,
    Weekday,
)


def public_storage() -> Storage:
    return storages["public"]


class Identified(models.Model):
    """A row with a UUID, by which addresses and logs name it: never by what people wrote."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.uuid}"


class Venue(models.Model):
    """Properties of a place that are the same in every language; of an event and its fallback venue.

    A property added here is copied, exchanged and offered in the forms of both (`VENUE_FIELDS`).
    """

    region = models.CharField(
        _("Region"),
        max_length=6,
        blank=True,
        choices=[("", _("Not in Kazakhstan, or online")), *REGIONS.items()],
    )
    map_link = models.URLField(_("Link to a map"), blank=True)
    step_free = models.CharField(_("Getting in"), max_length=10, choices=GettingIn, default=GettingIn.UNKNOWN)
    online_link = models.URLField(
        _("Link for those who join online"),
        blank=True,
        help_text=_("It stands on every page and in every calendar that shows this event."),
    )

    class Meta:
        abstract = True

    def venue_values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in VENUE_FIELDS}


VENUE_FIELDS = tuple(field.name for field in Venue._meta.local_fields)


class Event(Venue, Identified):
    """A press conference, an exhibition, a meeting …, planned in a workspace by an organisation.

    What people mean is a time on the wall of a place: `starts_on`, `starts_at_time` and their ends are
    local, in `zone` (IANA). `starts_at` and `ends_at` are the same as moments (UTC) and `lasts_until` the
    end of the last occurrence (None: without end); only `actions.times.derive_event_moments` writes them,
    at every save. Without `starts_at_time` the event is a whole day.

    An exhibition that runs has its opening (or nothing) as its own time, and `run_from` to `run_until`
    with opening hours (`OpeningHours`, `SpecialDay`): never one block over all its days.

    `address_for_confirmed`: whoever is neither confirmed nor works on it reads the region alone
    (`summary.facts_for`).

    `sequence` is RFC 5545's: it rises with every change of time, place or state once the event is told.
    """

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

    address_for_confirmed = models.BooleanField(_("address only for the confirmed"), default=False)
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    picture = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    public_picture = models.FileField(storage=public_storage, blank=True, editable=False)

    sequence = models.PositiveIntegerField(default=0)
    moved_from = models.JSONField(null=True, blank=True)  # {"starts_on", "starts_at_time"} as announced
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

    def get_absolute_url(self) -> str:
        return reverse("events:event", args=[self.uuid])

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def today(self) -> datetime.date:
        """Return the current day at the event's place."""
        return now().astimezone(self.zone_info).date()

    @property
    def all_day(self) -> bool:
        return self.starts_at_time is None

    @property
    def local_start(self) -> datetime.datetime:
        """Return the start in the event's zone; midnight for a whole day."""
        return self.starts_at.astimezone(self.zone_info)

    @property
    def local_end(self) -> datetime.datetime:
        return self.ends_at.astimezone(self.zone_info)

    @property
    def first_told(self) -> tuple[datetime.date, datetime.time | None] | None:
        """Return date and local time as first announced; None if the event was not moved."""
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
        """Whether everyone may see it now, by the rule of `queries.public_events`."""
        open_to_all = self.handling == Handling.PUBLIC and not self.restricted
        return self.visibility == Visibility.PUBLIC and self.is_told and open_to_all

    @property
    def is_told(self) -> bool:
        """Whether it was ever announced. False for an event cancelled before that."""
        return self.announced_at is not None


class EventUserPermission(UserObjectPermissionBase):
    """Guardian's user rows on a restricted event. Unused."""

    content_object = models.ForeignKey(Event, on_delete=models.CASCADE)


class EventGroupPermission(GroupObjectPermissionBase):
    """Guardian's group rows on a restricted event: groups per workspace and organisation."""

    content_object = models.ForeignKey(Event, on_delete=models.CASCADE)


class EventText(models.Model):
    """The texts of an event in one language. It may be planned in one and announced in three.

    `component` caches the VEVENTs as the feeds of this language print them; it is written with the
    event (`events.feeds.cache`), so that a feed is a join of strings. Only for public events; empty
    otherwise. `component_at`: when it last changed.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5, choices=Language)
    title = models.CharField(_("Title"), max_length=160, blank=True)
    text = models.TextField(_("What it is about"), max_length=20_000, blank=True)
    place = models.CharField(
        _("Place"), max_length=160, blank=True, help_text=_("The name of the house or hall.")
    )
    address = models.CharField(_("Address"), max_length=240, blank=True)
    access_notes = models.CharField(
        _("Notes on access"),
        max_length=400,
        blank=True,
        help_text=_("How one gets in, a lift, a ramp, sign language, a quiet room."),
    )
    component = models.TextField(blank=True, editable=False)
    component_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "language"], name="one_event_text_a_language")
        ]

    def __str__(self) -> str:
        return f"event {self.event_id} {self.language}"


class OpeningHours(models.Model):
    """Open on a weekday of the run, local time. Several rows a day are a break at noon; none means closed."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["event", "weekday", "opens"], name="one_opening_a_moment"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class SpecialDay(models.Model):
    """Days of the run with different hours: closed (no times), or open at other times.

    `first` to `last`, both included. `why`: the reason.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="special_days")
    first = models.DateField(pgettext_lazy("a first day", "from"))
    last = models.DateField(pgettext_lazy("a last day", "to"))
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    why = LocalizedTextField(_("reason"), blank=True)

    class Meta:
        ordering = ["first", "opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="special_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def closed(self) -> bool:
        return self.opens is None


class Occurrence(models.Model):
    """A date that differs from the rule: left out (EXDATE), added (RDATE), or moved.

    A moved one is left out with `to_date` and `to_time`, its new local start (RECURRENCE-ID); its
    duration stays.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="exceptions")
    on = models.DateField(_("date"))
    left_out = models.BooleanField(default=True)
    to_date = models.DateField(null=True, blank=True)
    to_time = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["event", "on"], name="one_exception_a_date")]

    def __str__(self) -> str:
        return f"{'without' if self.left_out else 'also'} {self.on}"


class AudienceTime(models.Model):
    """Start for an audience that comes earlier: speakers, volunteers, camera crews. Local time."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="audience_times")
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience)
    begins = models.TimeField(_("begins at"))

    class Meta:
        ordering = ["begins"]
        constraints = [models.UniqueConstraint(fields=["event", "audience"], name="one_time_an_audience")]

    def __str__(self) -> str:
        return f"{self.audience} {self.begins:%H:%M}"


class Placed(Identified):
    """`position` is the sort order; a removed item keeps it, so that it can be restored."""

    position = models.PositiveSmallIntegerField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class CoHost(models.Model):
    """An organisation asked to co-host. It is not named anywhere before it consents."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="co_hosts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Consent, default=Consent.ASKED)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation"], name="one_co_host_an_organisation")
        ]

    def __str__(self) -> str:
        return f"co-host of event {self.event_id}: {self.state}"


class EventInvitation(Identified):
    """One person invited by mail (iTIP): a member of the coalition, or a guest with an encrypted address.

    The link to answer contains a token; the database stores only its SHA-256. `sent_sequence` is the event's
    SEQUENCE in the last mail, None before the first; `answered_sequence` the one that was answered: a lower
    one means that time, place or state have changed since.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    guest_name = OutsidersTextField(_("name"), blank=True)
    guest_address = OutsidersTextField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    audience = models.CharField(_("comes as"), max_length=12, choices=Audience, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    sent_sequence = models.PositiveIntegerField(null=True, blank=True)
    answered_sequence = models.PositiveIntegerField(null=True, blank=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=models.Q(withdrawn_at=None, person__isnull=False),
                name="one_invitation_a_person",
            )
        ]


class PrivateFeed(Identified):
    """A person's private calendar URL. The token is displayed once; its SHA-256 is stored.

    `workspaces` empty means every workspace in which the person has a seat, now and later. Its
    content is computed at every request, so access ends with seat and membership.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="private_feeds"
    )
    name = models.CharField(
        _("Name of this address"),
        max_length=80,
        help_text=_("Where you will read it, for example “My phone”: so that you know later which to end."),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(_("Language"), max_length=5, choices=Language, default=Language.KK)
    only_mine = models.BooleanField(_("Only what I am invited to"), default=False)
    with_public = models.BooleanField(
        _("Also what the coalition or everyone is told of other workspaces"), default=False
    )
    with_tasks = models.BooleanField(
        _("Also what I have to do for events"),
        default=False,
        help_text=_(
            "Open lines of checklists that you, or your organisation with nobody named, answer for:"
            " each on the day it is due."
        ),
    )
    workspaces = models.ManyToManyField(Workspace, blank=True, related_name="+")
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class PrintedCode(models.Model):
    """A code and its target: an object of a kind (`events.core.printed_codes` knows the kinds), by
    UUID. Rows are never deleted and never change target: paper cannot be changed."""

    code = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=30)
    target = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="one_printed_code_each"),
        ]

    def __str__(self) -> str:
        return f"printed code of {self.kind} {self.target}"


class EventSpeaker(Identified):
    """A speaker at an event. `name`, `role`, `topic`: as entered by the organisers.

    `named`, `pictured`, `recorded`: the person's separate consents, given by the link in a mail; none
    before `answered_at`. `public_name` and `public_role` are written as the person wants, and only
    these leave the workspace. All personal data is encrypted; of the link the database stores a hash.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speakers")
    name = OutsidersTextField(_("name"))
    role = OutsidersTextField(_("who they are"), blank=True)
    topic = OutsidersTextField(_("what they speak about"), blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)  # of Language
    address = OutsidersTextField(_("e-mail"), blank=True)
    writes_in = models.CharField(_("we write to them in"), max_length=5, choices=Language)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    named = models.BooleanField(_("named"), default=False)
    pictured = models.BooleanField(_("photographed"), default=False)
    recorded = models.BooleanField(_("recorded and streamed"), default=False)
    public_name = SealedTextField(_("name as it is to be written"), blank=True)
    public_role = SealedTextField(_("who they are, as it is to be written"), blank=True)

    class Meta:
        ordering = ["id"]


CLOSES_BEFORE = datetime.timedelta(hours=1)


class PressRegistration(models.Model):
    """Terms of press registration. Without `closes_at` it closes an hour before the event, wherever
    that is moved. `by_hand`: an organiser confirms every guest. `door_number` increases with every
    change of a guest's check-in data; check-in phones request newer rows."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="press_registration")
    places = models.PositiveSmallIntegerField(_("places"))
    per_outlet = models.PositiveSmallIntegerField(_("at most from one outlet"))
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    by_hand = models.BooleanField(_("an organiser answers each one"), default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    door_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"press registration of event {self.event_id}"

    @property
    def closing(self) -> datetime.datetime:
        """When it closes, as an aware moment."""
        return self.closes_at or self.event.starts_at - CLOSES_BEFORE


class PressGuest(Applicant):
    """Journalist with a verified address. Personal data is encrypted; outlets and addresses are
    looked up by keyed hashes. The link contains a token and the image a code, both stored as hashes
    only. `written_at`: for the hourly limit and retention. `address_print` identifies the owner of
    the address; `mailbox_print`, the mailbox, is for the daily limit.

    `asked_at`: when the address was verified, which sets the place in the queue. `notified_sequence`:
    the event's SEQUENCE of the last mail. `came_at`: the earliest valid check-in tick.
    `door_number`: the registration's, at the last change of this guest."""

    registration = models.ForeignKey(PressRegistration, on_delete=models.CASCADE, related_name="guests")
    name = OutsidersTextField(_("name"))
    outlet = OutsidersTextField(_("outlet"))
    phone = OutsidersTextField(_("phone"), blank=True)
    interview = OutsidersTextField(_("interview wish"), blank=True)
    outlet_print = models.CharField(max_length=64)
    mailbox_print = models.CharField(max_length=64, db_index=True, blank=True)
    equipment = models.JSONField(default=list, blank=True)  # of Equipment
    state = models.CharField(max_length=12, choices=PressState, default=PressState.UNCONFIRMED)
    code_hash = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answers = models.PositiveIntegerField(default=0)  # number of answers: part of mail keys
    notified_sequence = models.PositiveIntegerField(default=0)
    came_at = models.DateTimeField(null=True, blank=True)
    came_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    door_number = models.PositiveIntegerField(default=0)
    kit_mail = models.BooleanField(_("a mail when the kit opens"), default=False)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "address_print"], name="one_press_guest_each")
        ]
        indexes = [models.Index(fields=["registration", "state"], name="press_guest_state")]


def best_language(words: Mapping[str, str], language: str) -> str:
    """Return the language to use for this reader: theirs, or the first of Kazakh, Russian and English
    that has a text; "" if none has."""
    return next((one for one in (language, *Language.values) if words.get(one)), "")


def text_for_language(words: Mapping[str, str], language: str) -> str:
    """Return the text for a reader of this language; "" if there is none."""
    return words.get(best_language(words, language), "")


class TitledInLanguages(models.Model):
    """`title` by language code; at least one is filled in."""

    title = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def title_in(self, language: str) -> str:
        """Return the title in the language, or in the first that has one: Kazakh, Russian, English."""
        return text_for_language(self.title, language)

    def language_for(self, language: str) -> str:
        """Return the language of the title that a reader of this one gets; "" if there is none."""
        return best_language(self.title, language)
