"""Press registration: an event takes journalists, and who asked to come."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.applicants.models import Applicant
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event
from events.press.registration.enums import PressState

BEFORE = datetime.timedelta(hours=1)


class PressRegistration(models.Model):
    """How an event takes the press. Without `closes_at` it closes an hour before the event, wherever that is
    moved. `by_hand`: nobody is confirmed before an organiser says so. `door_number` rises whenever what the
    door must know of somebody changes; phones at the door ask for what is newer than theirs."""

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
        return self.closes_at or self.event.starts_at - BEFORE


class PressGuest(Applicant):
    """One journalist, by a proved address. Who it is, is sealed; outlets and addresses are found again by
    keyed hashes. The link holds a token and the picture a code, of both the database keeps hashes only.
    `written_at`: for the limit of an hour, and for how long the row is kept. `address_print` is of the owner
    of the address; `mailbox_print`, of the mailbox, is for the limit of a day.

    `asked_at`: when the address was proved, which is their place in the line. `told_sequence`: the event's
    SEQUENCE that they know. `came_at`: the earliest tick at the door that stands. `door_number`: the
    registration's, when the door last had to hear of them."""

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
    answers = models.PositiveIntegerField(default=0)  # how often they were answered: keys of mails
    told_sequence = models.PositiveIntegerField(default=0)
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
