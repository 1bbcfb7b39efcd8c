"""Tasks, debrief, fallback venue, running order and safety plan of an event."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext_lazy

from coalition.accounts.models import Organisation, User
from coalition.core.crypto import SealedTextField
from coalition.core.localized_text import LocalizedTextField, fallback_order
from documents.drafts.queries import reading_seats
from events.core.enums import EventState
from events.core.formatting import with_region
from events.core.models import Event, EventText, Identified, Placed, PrivateFeed, Venue
from events.core.queries import prefetch_event_details, seated_events_for

MOST_DAYS = 365  # before or after the event


class EventTask(Identified):
    """Task in an event's checklist. It is due `days_before` the event's first day (0: on the day,
    negative: after it); `due_on` is computed from that whenever the event moves.

    The owner is an organisation, a person on its behalf, or not set. `key`: the template line it
    was created from. An archived task keeps its row and can be restored.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tasks")
    title = LocalizedTextField(
        gettext_lazy("Title"),
        max_length=160,
        help_text=gettext_lazy("One language is enough: who reads another sees this one."),
    )
    key = models.CharField(max_length=30, blank=True)
    days_before = models.SmallIntegerField(
        gettext_lazy("days before the event"),
        validators=[MinValueValidator(-MOST_DAYS), MaxValueValidator(MOST_DAYS)],
    )
    due_on = models.DateField()
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(gettext_lazy("Note"), max_length=600, blank=True)
    changed_at = models.DateTimeField(auto_now=True)  # DTSTAMP in private feeds
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["due_on"], name="event_task_due")]

    @property
    def day(self) -> datetime.date:
        """Return the day on which it is due by the event's first day."""
        return self.event.starts_on - datetime.timedelta(days=self.days_before)

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate(timezone=self.event.zone_info)

    @property
    def when(self) -> str:
        """Return the distance from the event: “3 days before”."""
        days = self.days_before
        if days == 0:
            return _("on the day")
        if days > 0:
            return ngettext("%(count)d day before", "%(count)d days before", days) % {"count": days}
        return ngettext("%(count)d day after", "%(count)d days after", -days) % {"count": -days}


TASKS_AHEAD, TASKS_BEHIND = datetime.timedelta(days=366), datetime.timedelta(days=60)  # in private feeds


def tasks_of(event: Event) -> list[EventTask]:
    """Return the tasks of an event's checklist by date: one query."""
    return list(event.tasks.filter(removed_at=None).select_related("organisation", "person"))


def checklist_counts(event: Event) -> dict[str, int]:
    """Count all tasks, done ones and overdue ones: one query."""
    late = Q(done_at=None, due_on__lt=timezone.localdate(timezone=event.zone_info))
    return EventTask.objects.filter(event=event, removed_at=None).aggregate(
        all=Count("pk"), done=Count("done_at"), late=Count("pk", filter=late)
    )


def open_tasks_where(user: User, *, until: datetime.date) -> QuerySet[EventTask]:
    """Return open tasks due by a day in workspaces where the user reads drafts, except those of
    other people."""
    seated = reading_seats(user).values("workspace")
    rows = EventTask.objects.filter(event__workspace__in=seated, done_at=None, removed_at=None)
    return rows.filter(Q(person=user) | Q(person=None), due_on__lte=until)


def open_tasks_of(user: User, *, until: datetime.date) -> QuerySet[EventTask]:
    """Return open tasks due by a day of the user, or of an organisation for which they have a seat."""
    seats = reading_seats(user).filter(workspace=OuterRef("event__workspace"))
    own = Exists(seats.filter(organisation=OuterRef("organisation")))
    words = EventText.objects.defer("text", "component")
    return (
        EventTask.objects.filter(Q(person=user) | Q(own, person=None), done_at=None, removed_at=None)
        .filter(Exists(seats), due_on__lte=until, event__in=seated_events_for(user).order_by().values("pk"))
        .exclude(event__state=EventState.CANCELLED)
        .select_related("event")
        .prefetch_related(Prefetch("event__texts", queryset=words))
    )


def tasks_of_feed(feed: PrivateFeed) -> list[EventTask]:
    """Return the person's open tasks for events of the feed's workspaces, if they chose to include tasks."""
    if not feed.with_tasks:
        return []
    rows = open_tasks_of(feed.person, until=timezone.localdate() + TASKS_AHEAD)
    rows = rows.filter(due_on__gte=timezone.localdate() - TASKS_BEHIND)
    chosen = [workspace.pk for workspace in feed.workspaces.all()]
    if chosen:
        rows = rows.filter(event__workspace__in=chosen)
    return list(rows.order_by("due_on", "pk"))


class Debrief(models.Model):
    """Lessons learned from an event, and the groups that were thanked.

    `came`, `press_came`: people counted, None without a count. `thanked`: by group , when (ISO 8601, UTC) and
    how many: {"press": {"at": …, "count": 12}}. `revision` increases with every change of the lessons.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="debrief")
    went_well = models.TextField(gettext_lazy("What went well"), max_length=8_000, blank=True)
    went_badly = models.TextField(gettext_lazy("What did not"), max_length=8_000, blank=True)
    next_time = models.TextField(
        gettext_lazy("What we do differently next time"),
        max_length=8_000,
        blank=True,
        help_text=gettext_lazy("Stands beside the checklist of the next event of this kind."),
    )
    came = models.PositiveIntegerField(
        gettext_lazy("People who came"), null=True, blank=True, validators=[MaxValueValidator(1_000_000)]
    )
    press_came = models.PositiveIntegerField(
        gettext_lazy("Journalists who came"), null=True, blank=True, validators=[MaxValueValidator(10_000)]
    )
    thanked = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        db_table = "events_afterwards"

    def __str__(self) -> str:
        return f"debrief of event {self.event_id}"


MAX_EARLIER_DEBRIEFS = 3


def earlier_debriefs(user: User, event: Event) -> list[Debrief]:
    """Return the advice for next time from the workspace's latest earlier events of the same kind
    that the user may see. One query for the rows, one for the titles."""
    written = Q(debrief__next_time__gt="")
    rows = prefetch_event_details(seated_events_for(user, event.workspace)).filter(written, kind=event.kind)
    earlier = rows.filter(starts_at__lt=event.starts_at).exclude(pk=event.pk).select_related("debrief")
    found = []
    for one in earlier.order_by("-starts_at")[:MAX_EARLIER_DEBRIEFS]:
        row: Debrief = one.debrief
        row.event = one
        found.append(row)
    return found


class FallbackVenue(Venue):
    """Fallback venue of an event. `words`: place, address and notes on access by language.
    `agreed`: its hosts have agreed. Visible only to members who prepare the event.

    After the move (`used_at`) the previous venue is stored here, so that the move can be reversed.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="fallback_venue")
    words = models.JSONField(default=dict)
    agreed = models.BooleanField(gettext_lazy("agreed"), default=False)
    note = models.CharField(gettext_lazy("note"), max_length=400, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "events_secondplace"

    def __str__(self) -> str:
        return f"fallback venue of event {self.event_id}"

    @property
    def where(self) -> str:
        """Return place and address in the active language or the next one that has a text, or the link."""
        codes = [one for one in fallback_order() if any(self.words.get(one, {}).values())]
        words = self.words.get(next(iter(codes), ""), {})
        where = ", ".join(filter(None, [words.get("place"), words.get("address")]))
        return with_region(where, self.region) or self.online_link


def fallback_venue_of(event: Event) -> FallbackVenue | None:
    """Return the event's fallback venue, for members who prepare it."""
    return FallbackVenue.objects.filter(event=event).first()


def on_wall(event: Event, time: datetime.time) -> datetime.datetime:
    """Return a local time on the event's first day as an aware moment."""
    return datetime.datetime.combine(event.starts_on, time, tzinfo=event.zone_info)


class RunningOrder(models.Model):
    """Running order and its progress on the day. `begins`: start of the first item, local to the
    event's time zone and on its date. `made_for`: the start of the event for which the times were
    planned; None if unknown. `revision` increases with every change and is pushed to open pages."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="running_order")
    begins = models.TimeField(gettext_lazy("The first item begins at"))
    made_for = models.TimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"running order of event {self.event_id}"

    @property
    def first_moment(self) -> datetime.datetime:
        """Return the start of the first item, as an aware moment."""
        return on_wall(self.event, self.begins)


class RunningItem(Placed):
    """Item of a running order. `pinned`: earliest start, local to the event's time zone;
    `began_at`: actual start on the day. `revision` increases when texts or minutes change. An
    archived item keeps its place and can be restored."""

    order = models.ForeignKey(RunningOrder, on_delete=models.CASCADE, related_name="items")
    title = LocalizedTextField(
        gettext_lazy("Title"),
        max_length=160,
        help_text=gettext_lazy("One language is enough: who reads another sees this one."),
    )
    minutes = models.PositiveSmallIntegerField(
        pgettext_lazy("a length of time", "Minutes"),
        validators=[MaxValueValidator(600)],
        default=5,
        help_text=gettext_lazy("What follows is pushed."),
    )
    pinned = models.TimeField(
        gettext_lazy("Not before"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Only for what has a fixed time: a live broadcast, the film, the bus."),
    )
    who = models.CharField(gettext_lazy("Who"), max_length=200, blank=True)
    note = models.CharField(
        gettext_lazy("Note"),
        max_length=600,
        blank=True,
        help_text=gettext_lazy(
            "Sound, slides, who hands over the microphone. Only people who prepare the event read it."
        ),
    )
    revision = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["order", "position"], name="running_item_place")]

    def __str__(self) -> str:
        return f"item {self.position} of running order {self.order_id}"


MOST_SEATS = 2000


class SafetyRole(models.TextChoices):
    """Responsibility of a person on the day."""

    STEWARD = "steward", gettext_lazy("Steward")
    LAWYER = "lawyer", gettext_lazy("Lawyer on call")
    FIRST_AID = "first_aid", gettext_lazy("First aid")
    PSYCHOLOGIST = "psychologist", gettext_lazy("Psychologist")
    STREAM = "stream", gettext_lazy("Stops the stream")


class PhotoRule(models.TextChoices):
    """Photography and filming rule, displayed to everyone who comes."""

    WITH_CONSENT = "consent", gettext_lazy("People are photographed only with their consent")
    STAGE_ONLY = "stage", gettext_lazy("Only the stage is photographed, never the room")
    NONE = "none", gettext_lazy("Nobody photographs or films")


class SafetyPlan(models.Model):
    """Safety plan, one per event, for members who prepare it; `photo_rule` and `photo_words` are displayed to
    everyone who comes. `no_photo_seats`: None is undecided, 0 means that none are needed."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="safety_plan")
    photo_rule = models.CharField(
        gettext_lazy("Rule for photographs"),
        max_length=8,
        choices=[("", gettext_lazy("Not decided yet")), *PhotoRule.choices],
        blank=True,
        help_text=gettext_lazy("Everyone who comes reads it on the event’s page."),
    )
    photo_words = LocalizedTextField(
        gettext_lazy("More words on the rule"),
        blank=True,
        max_length=300,
        help_text=gettext_lazy(
            "For example, which sign shows who must not be pictured. One language is enough."
        ),
    )
    no_photo_seats = models.PositiveSmallIntegerField(
        gettext_lazy("Seats where nobody is photographed"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_SEATS)],
        help_text=gettext_lazy("0 if none are needed."),
    )
    no_photo_where = models.CharField(gettext_lazy("Where they are"), max_length=200, blank=True)
    note = SealedTextField(
        gettext_lazy("What to do if something happens"),
        blank=True,
        max_length=4000,
        help_text=gettext_lazy("Kept encrypted. Only people who prepare the event read it."),
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"safety plan of event {self.event_id}"


class SafetyPerson(models.Model):
    """Person responsible for one role. Name and phone are encrypted, and erased a month after the event."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.CASCADE, related_name="people")
    role = models.CharField(max_length=12, choices=SafetyRole)
    name = SealedTextField(gettext_lazy("name"))
    phone = SealedTextField(gettext_lazy("phone"), blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "role"], name="one_person_a_safety_role")]

    def __str__(self) -> str:
        return f"{self.role} of safety plan {self.plan_id}"


def safety_plan_of(event: Event) -> SafetyPlan | None:
    """Return the plan, for members who prepare the event; the photography rule in it is public."""
    return SafetyPlan.objects.filter(event=event).first()


def people_of(plan: SafetyPlan) -> dict[str, SafetyPerson]:
    """Return the responsible people by role: one query."""
    rows = SafetyPerson.objects.filter(plan=plan).select_related("organisation")
    return {row.role: row for row in rows}


def roles_named(event: Event) -> set[str]:
    """Return the roles with a person, without decrypting names. One query."""
    return set(SafetyPerson.objects.filter(plan__event=event).values_list("role", flat=True))
