"""Volunteers of an event: its shifts, the links by which people sign up, and who holds which shift."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.core.crypto import SealedTextField
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event, TitledInLanguages
from events.volunteers.enums import Grown, TurnState


class ShiftPlan(models.Model):
    """What holds for all shifts of an event. `brief`: the safety brief by language; `caller_*`: whom a
    volunteer calls on the day, told to those who signed up and those who prepare.

    `anchor_on`: the event's first day (of its run, if it has one) to which the days of the shifts were
    last put; when it moves they move as far.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="shift_plan")
    brief = models.JSONField(_("safety brief"), default=dict, blank=True)
    caller_name = SealedTextField(_("a person to call"), blank=True)
    caller_phone = SealedTextField(_("their phone"), blank=True)
    asks_age = models.BooleanField(_("ask whether volunteers are 18"), default=False)
    anchor_on = models.DateField()

    def __str__(self) -> str:
        return f"shift plan of event {self.event_id}"

    def brief_in(self, language: str) -> str:
        """The brief in the language, or in the first that has one; "" if there is none."""
        order = (language, *Language.values)
        return next((self.brief[code] for code in order if self.brief.get(code)), "")


class Shift(TitledInLanguages):
    """Work of some hours on one day. `on`, `begins`, `ends` are on the wall in the event's zone; where it
    ends before it begins it ends on the next day. `starts_at` and `ends_at` are the same as moments (UTC);
    `domain.shift_times.settle` derives them and nobody else writes them.

    `sequence` is RFC 5545's: it rises with every change that a volunteer's calendar must take.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="shifts")
    place = models.JSONField(_("place"), default=dict, blank=True)  # by language
    on = models.DateField(_("day"))
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    needed = models.PositiveSmallIntegerField(_("people needed"))
    sequence = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["event", "starts_at"], name="shift_of_event")]

    def __str__(self) -> str:
        return f"shift {self.uuid} of event {self.event_id}"

    def place_in(self, language: str) -> str:
        order = (language, *Language.values)
        return next((self.place[code] for code in order if self.place.get(code)), "")


class ShiftLink(models.Model):
    """Opens the sign-up page of one event for people without an account, until a date. The token is derived
    (`events.core.tokens`); the database keeps its hash."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="shift_links")
    name = models.CharField(_("for whom"), max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"shift link {self.uuid}"


class ShiftLinkUse(models.Model):
    """One use of a link: it was opened, or somebody signed up by it. Nothing of who it was."""

    link = models.ForeignKey(ShiftLink, on_delete=models.CASCADE, related_name="uses")
    at = models.DateTimeField()
    signed_up = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"use of shift link {self.link_id}"


class Volunteer(models.Model):
    """One person who helps at one event: with an account, or by an address that they proved. Who it is, is
    sealed; the same person is found again, also across events, by a keyed hash of the address.

    `proved_at`: since when the address is known to be theirs. `told_sequence`: the event's SEQUENCE that
    they know. `briefed_at`: when they confirmed that they read the safety brief.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="volunteers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = OutsidersTextField(_("name"))
    address = OutsidersTextField(_("e-mail"))
    phone = OutsidersTextField(_("phone"))
    address_print = models.CharField(max_length=64, db_index=True)
    language = models.CharField(_("language"), max_length=5, choices=Language)
    grown = models.CharField(max_length=8, choices=Grown, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)
    briefed_at = models.DateTimeField(null=True, blank=True)
    told_sequence = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)  # how many were written: keys of mails

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "address_print"], name="one_volunteer_an_address")
        ]

    def __str__(self) -> str:
        return f"volunteer {self.uuid}"


class ShiftTurn(models.Model):
    """One volunteer's shift. `came`: whether they were there, once somebody said so. `changes`: how often the
    state changed: part of the SEQUENCE in the person's calendar."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="turns")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="turns")
    state = models.CharField(max_length=10, choices=TurnState, default=TurnState.WISHED)
    taken_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0)
    came = models.BooleanField(null=True, blank=True)
    came_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["shift__starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "volunteer"], name="one_turn_a_volunteer_and_shift")
        ]
        indexes = [models.Index(fields=["shift", "state"], name="turn_of_shift")]

    def __str__(self) -> str:
        return f"turn {self.uuid}"
