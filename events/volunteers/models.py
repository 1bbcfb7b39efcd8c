"""Volunteers of an event: shifts, sign-up links, and assignments."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.core.crypto import SealedTextField
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event, TitledInLanguages
from events.volunteers.enums import AgeStatement, TurnState


class ShiftPlan(models.Model):
    """Settings of all shifts of an event. `brief`: the safety brief by language; `caller_*`: the
    contact on the day, visible to volunteers and to members who prepare the event.

    `anchor_on`: the first day of the event (or of its run) that the shifts' days were last computed
    from; when it moves they are shifted by the same distance.
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
        """Return the brief in the language, or in the first available; "" if there is none."""
        order = (language, *Language.values)
        return next((self.brief[code] for code in order if self.brief.get(code)), "")


class Shift(TitledInLanguages):
    """Shift of some hours on one day. `on`, `begins`, `ends` are local to the event's time zone; if
    `ends` is before `begins` it is on the next day. `starts_at` and `ends_at` are the same in UTC,
    written only by `domain.shift_times.settle`.

    `sequence` is RFC 5545's: it increases with every change relevant to a volunteer's calendar.
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
    """Link to the sign-up page of one event for people without an account, until a date. The token
    is derived (`events.core.tokens`); the database stores its hash."""

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
    """Use of a link: an opening or a sign-up, without personal data."""

    link = models.ForeignKey(ShiftLink, on_delete=models.CASCADE, related_name="uses")
    at = models.DateTimeField()
    signed_up = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"use of shift link {self.link_id}"


class Volunteer(models.Model):
    """Volunteer at one event: with an account, or by a verified address. Personal data is
    encrypted; the same person is found, also across events, by a keyed hash of the address.

    `proved_at`: when the address was verified. `told_sequence`: the event's SEQUENCE of the last
    mail. `briefed_at`: when they confirmed having read the safety brief.
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
    grown = models.CharField(max_length=8, choices=AgeStatement, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)
    briefed_at = models.DateTimeField(null=True, blank=True)
    told_sequence = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)  # number of mails sent: part of mail keys

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "address_print"], name="one_volunteer_an_address")
        ]

    def __str__(self) -> str:
        return f"volunteer {self.uuid}"


class ShiftTurn(models.Model):
    """Assignment of a shift to a volunteer. `came`: recorded attendance. `changes`: number of state
    changes, part of the SEQUENCE in the person's calendar."""

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
