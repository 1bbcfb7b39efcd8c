"""Volunteers of an event: shifts, sign-up links, and assignments."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy

from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.crypto import SealedTextField
from coalition.core.localized_text import LocalizedTextField
from coalition.jobs.date_formats import day_in_words
from coalition.personal_data.fields import OutsidersTextField
from events.core.formatting import offset_in_words
from events.core.models import Event, Identified

MOST_NEEDED = 200


class AssignmentState(models.TextChoices):
    """State of a volunteer's shift. `WISHED`: chosen with an unverified address."""

    WISHED = "wished", pgettext_lazy("a volunteer shift", "Address not confirmed")
    TAKEN = "taken", pgettext_lazy("a volunteer shift", "Taken")
    OFFERED = "offered", pgettext_lazy("a volunteer shift", "Taken, offered to others")
    GIVEN = "given", pgettext_lazy("a volunteer shift", "Taken over by somebody else")
    WITHDRAWN = "withdrawn", pgettext_lazy("a volunteer shift", "Withdrawn")


ACTIVE = (AssignmentState.TAKEN, AssignmentState.OFFERED)  # an offered shift still belongs to the volunteer


class AgeStatement(models.TextChoices):
    """Volunteer's statement of age, if the organiser asks for it."""

    UNASKED = "", pgettext_lazy("age of a volunteer", "not asked")
    ADULT = "adult", _("I am 18 or older")
    CONSENT = "consent", _("I am younger, and a parent or guardian agrees")


class VolunteerState(models.TextChoices):
    """Whether the volunteer's address is verified."""

    UNPROVED = "unproved", _("Address not confirmed")
    PROVED = "proved"


class ShiftPlan(models.Model):
    """Settings of all shifts of an event. `caller_*`: the
    contact on the day, visible to volunteers and to members who prepare the event.

    `anchor_on`: the first day of the event (or of its run) that the shifts' days were last computed
    from; when it moves they are shifted by the same distance.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="shift_plan")
    caller_name = SealedTextField(
        _("A person to call"),
        blank=True,
        max_length=120,
        validators=[validate_single_line, validate_visible_characters],
    )
    caller_phone = SealedTextField(
        _("Their phone"),
        blank=True,
        max_length=40,
        validators=[validate_single_line, validate_visible_characters],
        help_text=_("Only volunteers who signed up, and people who prepare the event, read it."),
    )
    asks_age = models.BooleanField(
        _("Ask whether volunteers are 18"),
        default=False,
        help_text=_("Who is younger says that a parent or guardian agrees. No date of birth is kept."),
    )
    brief = LocalizedTextField(_("Safety brief"), blank=True, max_length=4000)
    anchor_on = models.DateField()

    def __str__(self) -> str:
        return f"shift plan of event {self.event_id}"


class Shift(Identified):
    """Shift of some hours on one day. `on`, `begins`, `ends` are local to the event's time zone; if
    `ends` is before `begins` it is on the next day. `starts_at` and `ends_at` are the same in UTC,
    computed by `derive_shift_moments`.

    `sequence` is RFC 5545's: it increases with every change relevant to a volunteer's calendar.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="shifts")
    title = LocalizedTextField(
        _("What is to be done"),
        max_length=160,
        help_text=_("One language is enough: who reads another sees this one."),
    )
    place = LocalizedTextField(
        _("Where"), blank=True, max_length=160, help_text=_("Left empty: where the event is.")
    )
    on = models.DateField(_("Day"))
    begins = models.TimeField(pgettext_lazy("a first day", "From"))
    ends = models.TimeField(
        pgettext_lazy("a last day", "Until"),
        help_text=_("A shift that ends before it begins ends on the next day."),
    )
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    needed = models.PositiveSmallIntegerField(
        _("People needed"), validators=[MinValueValidator(1), MaxValueValidator(MOST_NEEDED)], default=2
    )
    sequence = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["event", "starts_at"], name="shift_of_event")]

    def get_absolute_url(self) -> str:
        """Return the address of the shift in the plan."""
        return f"{reverse('events:shifts', args=[self.event.uuid])}?on={self.on}#shift-{self.uuid}"

    @property
    def has_begun(self) -> bool:
        """Whether attendance can be recorded."""
        return self.starts_at <= now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= now()

    @property
    def hours(self) -> str:
        """Return “11:00–15:00”."""
        return f"{formats.time_format(self.begins, 'H:i')}–{formats.time_format(self.ends, 'H:i')}"

    @property
    def when(self) -> str:
        """Return “Tuesday 10 March 2026, 11:00–15:00 (UTC+5)”."""
        return str(_("%(date)s, %(time)s (%(offset)s)")) % {
            "date": day_in_words(self.on),
            "time": self.hours,
            "offset": offset_in_words(self.starts_at.astimezone(self.event.zone_info)),
        }

    @property
    def people(self) -> list["ShiftAssignment"]:
        """Return the assignments of a shift of `shifts_between`."""
        found: list[ShiftAssignment] = getattr(self, "active_assignments", [])
        return found

    @property
    def missing(self) -> int:
        """Return the number of people missing of a shift of `shifts_between`."""
        return max(0, self.needed - len(self.people))

    @property
    def missing_words(self) -> str:
        """Return “2 are missing”; "" if nobody is."""
        count = self.missing
        words = ngettext("%(count)d is missing", "%(count)d are missing", count) % {"count": count}
        return words if count else ""


class ShiftLink(Identified):
    """Link to the sign-up page of one event for people without an account, until a date. The token
    is derived (`coalition.core.throttling`); the database stores its hash."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="shift_links")
    name = models.CharField(
        _("For whom"),
        max_length=80,
        blank=True,
        help_text=_("So that you know it again: a university, a chat. Not told to anybody."),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]


class ShiftLinkUse(models.Model):
    """Use of a link: an opening or a sign-up, without personal data."""

    link = models.ForeignKey(ShiftLink, on_delete=models.CASCADE, related_name="uses")
    at = models.DateTimeField()
    signed_up = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"use of shift link {self.link_id}"


class Volunteer(Applicant):
    """Volunteer at one event: with an account, or by a verified address. `address_print` identifies the
    owner of the address, also across events.

    `notified_sequence`: the event's SEQUENCE of the last mail. `briefed_at`: when they confirmed having
    read the safety brief. `written_at`: for the hourly limit and retention.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="volunteers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = OutsidersTextField(_("name"))
    phone = OutsidersTextField(_("phone"))
    grown = models.CharField(max_length=8, choices=AgeStatement, blank=True)
    state = models.CharField(max_length=12, choices=VolunteerState, default=VolunteerState.UNPROVED)
    written_at = models.DateTimeField()
    briefed_at = models.DateTimeField(null=True, blank=True)
    notified_sequence = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)  # number of mails sent: part of mail keys

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "address_print"], name="one_volunteer_an_address")
        ]

    @property
    def is_proved(self) -> bool:
        return self.state == VolunteerState.PROVED


class ShiftAssignment(Identified):
    """Assignment of a shift to a volunteer. `came`: recorded attendance. `changes`: number of state
    changes, part of the SEQUENCE in the person's calendar."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="assignments")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.WISHED)
    assigned_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0)
    came = models.BooleanField(null=True, blank=True)
    came_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        db_table = "events_shiftturn"
        ordering = ["shift__starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "volunteer"], name="one_turn_a_volunteer_and_shift")
        ]
        indexes = [models.Index(fields=["shift", "state"], name="turn_of_shift")]

    @property
    def is_active(self) -> bool:
        """Whether the volunteer counts for the shift."""
        return self.state in ACTIVE
