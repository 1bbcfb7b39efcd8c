"""School groups at an exhibition: how it takes them, and who asked to come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.applicants.models import Applicant
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event
from events.exhibitions.school_groups.enums import GroupState


class GroupVisits(models.Model):
    """How something open over days takes groups: its opening hours cut into slots of `slot_minutes`, in each
    `per_slot` groups. `by_hand`: nobody is confirmed before an organiser says so."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="group_visits")
    slot_minutes = models.PositiveSmallIntegerField(_("minutes of a visit"))
    per_slot = models.PositiveSmallIntegerField(_("groups at the same time"))
    most_pupils = models.PositiveSmallIntegerField(_("pupils in a group at most"))
    by_hand = models.BooleanField(_("an organiser answers each one"), default=False)
    opened_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"group visits of event {self.event_id}"


class SchoolGroup(Applicant):
    """One group. Who asks, and what they need, is sealed. `on` and `begins` are on the wall in the event's
    zone, `starts_at` and `ends_at` the same as moments (UTC), which `settle` derives.

    `proved_at`: since when the address is known to be theirs; before it nobody reads of them.
    `written_at`: for the limits of an hour and a day.
    """

    visits = models.ForeignKey(GroupVisits, on_delete=models.CASCADE, related_name="groups")
    school = OutsidersTextField(_("school"))
    contact = OutsidersTextField(_("contact"))
    phone = OutsidersTextField(_("phone"))
    needs = OutsidersTextField(_("what the group needs"), blank=True)
    grade = models.CharField(_("class or age"), max_length=60)
    pupils = models.PositiveSmallIntegerField(_("pupils"))
    on = models.DateField(_("day"))
    begins = models.TimeField(_("time"))
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    state = models.CharField(max_length=12, choices=GroupState, default=GroupState.UNPROVED)
    written_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)
    told_sequence = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)  # how many were written: keys of mails, part of SEQUENCE

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["visits", "state", "starts_at"], name="group_of_visits")]
