"""School groups at an exhibition: terms and requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.applicants.models import Applicant
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event
from events.exhibitions.school_groups.enums import GroupState


class GroupVisits(models.Model):
    """Terms for groups at an event that runs over days: opening hours are divided into slots of
    `slot_minutes`, each for `per_slot` groups. `by_hand`: an organiser confirms every group."""

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
    """School group. Contact and needs are encrypted. `on` and `begins` are local to the event's
    time zone; `starts_at` and `ends_at` are the same in UTC, computed by `settle`.

    `proved_at`: when the address was verified; before that nobody can read the group. `written_at`:
    for the hourly and daily limits.
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
    mails = models.PositiveIntegerField(default=0)  # number of mails: part of mail keys and of SEQUENCE

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["visits", "state", "starts_at"], name="group_of_visits")]
