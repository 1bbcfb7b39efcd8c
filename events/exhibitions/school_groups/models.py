"""School groups at an exhibition: terms and requests."""

import datetime
from collections import Counter

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from coalition.personal_data.fields import OutsidersTextField
from events.core.actions.times import times_of
from events.core.facts import Run
from events.core.formatting import offset_in_words
from events.core.models import Event
from events.core.occurrences import opening_times
from events.core.queries import public_events

MOST_PUPILS = 200


class GroupState(models.TextChoices):
    """State of a group's request. Before `ASKED` the address is unverified."""

    UNPROVED = "unproved", _("Address not confirmed")
    ASKED = "asked", pgettext_lazy("a school group", "Waits for an answer")
    CONFIRMED = "confirmed", pgettext_lazy("a school group", "Confirmed")
    DECLINED = "declined", pgettext_lazy("a school group", "No place")
    WITHDRAWN = "withdrawn", pgettext_lazy("a school group", "Withdrawn")


HOLDING = (GroupState.ASKED, GroupState.CONFIRMED)  # states in which a group occupies its slot


class GroupVisits(models.Model):
    """Terms for groups at an event that runs over days: opening hours are divided into slots of
    `slot_minutes`, each for `per_slot` groups. `by_hand`: an organiser confirms every group."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="group_visits")
    slot_minutes = models.PositiveSmallIntegerField(
        _("Minutes of a visit"), validators=[MinValueValidator(20), MaxValueValidator(240)], default=45
    )
    per_slot = models.PositiveSmallIntegerField(
        _("Groups at the same time"), validators=[MinValueValidator(1), MaxValueValidator(20)], default=1
    )
    most_pupils = models.PositiveSmallIntegerField(
        _("Pupils in a group at most"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PUPILS)],
        default=25,
    )
    by_hand = models.BooleanField(
        _("We answer each one ourselves"),
        default=False,
        help_text=_("Without a tick a time that is free is confirmed at once."),
    )
    opened_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"group visits of event {self.event_id}"


class SchoolGroup(Applicant):
    """School group. Contact and needs are encrypted. `on` and `begins` are local to the event's
    time zone; `starts_at` and `ends_at` are the same in UTC.

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
    notified_sequence = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)  # number of mails: part of mail keys and of SEQUENCE

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["visits", "state", "starts_at"], name="group_of_visits")]

    @property
    def when(self) -> str:
        """Return “Thursday 12 March 2026, 11:00–11:45 (UTC+5)”."""
        zone = self.visits.event.zone_info
        ends = formats.time_format(self.ends_at.astimezone(zone), "H:i")
        return str(_("%(date)s, %(time)s (%(offset)s)")) % {
            "date": day_in_words(self.on),
            "time": f"{formats.time_format(self.begins, 'H:i')}–{ends}",
            "offset": offset_in_words(self.starts_at.astimezone(zone)),
        }


def public_group_visits() -> QuerySet[GroupVisits]:
    """Return the terms of public events, open or closed."""
    rows = GroupVisits.objects.filter(event__in=public_events().order_by().values("pk"))
    return rows.select_related("event__organisation", "event__workspace")


def groups_of(event: Event) -> QuerySet[SchoolGroup]:
    """Return the groups with a verified address, in the order of their visits."""
    rows = SchoolGroup.objects.filter(visits__event=event).exclude(state=GroupState.UNPROVED)
    return rows.select_related("visits__event")


def groups_per_slot(visits: GroupVisits) -> Counter[tuple[datetime.date, datetime.time]]:
    """Count the groups in each slot, by day and start time. One query."""
    rows = SchoolGroup.objects.filter(visits=visits, state__in=HOLDING, ends_at__gt=now())
    return Counter(rows.order_by().values_list("on", "begins"))


def group_numbers(event: Event) -> tuple[GroupVisits | None, int, int]:
    """Return the event's terms, the number of unanswered groups, and of confirmed future groups."""
    asked = Count("groups", filter=Q(groups__state=GroupState.ASKED))
    coming = Count("groups", filter=Q(groups__state=GroupState.CONFIRMED, groups__ends_at__gt=now()))
    found = GroupVisits.objects.filter(event=event).annotate(asked=asked, coming=coming).first()
    if found is None:
        return None, 0, 0
    found.event = event
    return found, getattr(found, "asked", 0), getattr(found, "coming", 0)


def slots_of(run: Run, day: datetime.date, minutes: int) -> list[datetime.time]:
    """Return the start times of visits of `minutes` on a day; empty if closed. Each visit ends
    before closing time."""
    found, length = [], datetime.timedelta(minutes=minutes)
    for opens, closes in opening_times(run, day):
        begins, end = (datetime.datetime.combine(day, one) for one in (opens, closes))
        while begins + length <= end:
            found.append(begins.time())
            begins += length
    return found


def is_open_during_visit(visits: GroupVisits, group: SchoolGroup) -> bool:
    """Whether the exhibition is open during the visit, by its current hours."""
    run = times_of(visits.event).run
    return run is not None and group.begins in slots_of(run, group.on, visits.slot_minutes)
