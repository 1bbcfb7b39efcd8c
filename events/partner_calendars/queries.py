"""Partners' calendars, their events and times: the only place where they come from.

Nothing of a calendar shows before somebody reviewed it: times come from shown events alone. Of a calendar
with busy times only no words are kept at all, so there are none to tell.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from coalition.accounts.models import Organisation
from coalition.accounts.queries import frozen_organisations
from coalition.roles import Right
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.queries import workspaces_for
from events.core.enums import IntakeState, Source
from events.partner_calendars.models import PartnerCalendar, PartnerEvent, PartnerTime

# More occurrences than this in one range are not told: a month or a conflict needs no more.
MOST_TIMES = 5000


@dataclass(frozen=True)
class PartnerBusy:
    """A partner is busy. `title` is None where only the time is told (then `place` is empty too).

    Times are aware UTC; `all_day`: whole local days in `zone`, from `starts_at` to before `ends_at`.
    Name the organisation only by `display_name_for(viewer, row.organisation)`.
    """

    calendar: UUID
    calendar_name: str
    workspace: UUID
    organisation: Organisation
    region: str  # ISO 3166-2 or empty: where the partner is, as far as it is known
    zone: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    all_day: bool
    title: str | None
    place: str


def calendars_for(user: object, workspace: Workspace | None = None) -> QuerySet[PartnerCalendar]:
    """Calendars brought into workspaces whose drafts the person may see, without those removed.

    A calendar goes when its organisation no longer takes part in the workspace.
    """
    rows = _standing(PartnerCalendar.objects.filter(removed_at=None)).filter(
        workspace__in=workspaces_for(user, Right.SEE_DRAFTS)
    )
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return rows.select_related("organisation", "workspace")


def removed_calendars_for(user: object) -> QuerySet[PartnerCalendar]:
    """Calendars that were removed and can be brought back."""
    rows = PartnerCalendar.objects.exclude(removed_at=None)
    return rows.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS)).select_related("workspace")


def with_counts(calendars: QuerySet[PartnerCalendar]) -> QuerySet[PartnerCalendar]:
    """The same calendars with `waiting`, `shown` and `set_aside`: how many of its events are so."""
    return calendars.annotate(
        waiting=Count("events", filter=Q(events__state=IntakeState.WAITING)),
        shown=Count("events", filter=Q(events__state=IntakeState.SHOWN)),
        set_aside=Count("events", filter=Q(events__state=IntakeState.SET_ASIDE)),
    )


def events_of(calendar: PartnerCalendar, state: IntakeState) -> QuerySet[PartnerEvent]:
    """The events of a calendar the caller may see that are in this state, as the calendar has them."""
    return calendar.events.filter(state=state).order_by("id")


def with_times(events: QuerySet[PartnerEvent]) -> QuerySet[PartnerEvent]:
    """The same events with their first time (`begins`, `ends`, or None) and their number (`times_count`)."""
    first = PartnerTime.objects.filter(event=OuterRef("pk")).order_by("starts_at", "id")
    return events.annotate(
        begins=Subquery(first.values("starts_at")[:1]),
        ends=Subquery(first.values("ends_at")[:1]),
        times_count=Count("times"),
    )


def partner_times_for(
    user: object,
    workspaces: Collection[Workspace] | None,
    first: datetime.datetime,
    last: datetime.datetime,
) -> list[PartnerBusy]:
    """When partners do something between two moments, in these workspaces (None: all of the person's).

    Sorted by start; one query. Only for people who see drafts there, only of reviewed events.
    """
    rows = _times(first, last).filter(event__calendar__workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    if workspaces is not None:
        rows = rows.filter(event__calendar__workspace__in=[workspace.pk for workspace in workspaces])
    return [_busy(row, told=not row.event.calendar.busy_only) for row in rows[:MOST_TIMES]]


def to_refresh(before: datetime.datetime) -> QuerySet[PartnerCalendar]:
    """Calendars with an address that were looked at before the moment, of organisations not frozen."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    rows = PartnerCalendar.objects.filter(
        Q(refreshed_at=None) | Q(refreshed_at__lt=before),
        ~Exists(frozen),
        source=Source.ADDRESS,
        removed_at=None,
        reading_since=None,
        workspace__archived_at=None,
    )
    return _standing(rows)


def _standing(calendars: QuerySet[PartnerCalendar]) -> QuerySet[PartnerCalendar]:
    part = Participation.objects.filter(
        workspace=OuterRef("workspace"), organisation=OuterRef("organisation"), ended_at=None
    )
    return calendars.filter(Exists(part))


def _times(first: datetime.datetime, last: datetime.datetime) -> QuerySet[PartnerTime]:
    part = Participation.objects.filter(
        workspace=OuterRef("event__calendar__workspace"),
        organisation=OuterRef("event__calendar__organisation"),
        ended_at=None,
    )
    rows = PartnerTime.objects.filter(
        Exists(part),
        starts_at__lt=last,
        ends_at__gt=first,
        event__state=IntakeState.SHOWN,
        event__calendar__removed_at=None,
    )
    return rows.select_related("event__calendar__organisation", "event__calendar__workspace").order_by(
        "starts_at", "id"
    )


def _busy(row: PartnerTime, *, told: bool) -> PartnerBusy:
    calendar = row.event.calendar
    told = told and bool(row.event.title)
    return PartnerBusy(
        calendar=calendar.uuid,
        calendar_name=calendar.name,
        workspace=calendar.workspace.uuid,
        organisation=calendar.organisation,
        region=calendar.region,
        zone=calendar.zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        all_day=row.all_day,
        title=row.event.title if told else None,
        place=row.event.place if told else "",
    )
