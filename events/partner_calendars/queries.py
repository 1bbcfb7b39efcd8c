"""Querysets of partners' calendars, their events and times; who may manage a calendar.

Nothing of a calendar is displayed before review: times come from shown events alone. For a
calendar with busy times only, no texts are stored.
"""

import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from coalition.accounts.permissions import represents
from coalition.accounts.queries import frozen_organisations
from coalition.roles import Right
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import workspaces_for
from events.core.enums import IntakeState, Source
from events.core.permissions import may_plan
from events.partner_calendars.models import PartnerCalendar, PartnerEvent, PartnerTime

# Maximum of occurrences returned for one range: a month or a conflict needs no more.
MOST_TIMES = 5000


def acts_for_owner(access: Access, calendar: PartnerCalendar) -> bool:
    """Whether the person acts for the calendar's organisation, and plans for it or represents it: only
    the partner itself may include texts."""
    if access.organisation.pk != calendar.organisation_id or access.workspace.archived_at is not None:
        return False
    return access.may(Right.PLAN) or represents(access.user, calendar.organisation)


def may_manage_calendar(access: Access, calendar: PartnerCalendar) -> bool:
    """Whether the person may read it again, hide its texts or remove it: planners, and the partner itself."""
    return may_plan(access) or acts_for_owner(access, calendar)


def calendars_for(
    user: object, workspace: Workspace | None = None, *, removed: bool = False
) -> QuerySet[PartnerCalendar]:
    """Return calendars of workspaces whose drafts the person may see; with `removed` those that can be
    restored.

    A calendar disappears when its organisation no longer takes part in the workspace.
    """
    rows = PartnerCalendar.objects.filter(
        workspace__in=workspaces_for(user, Right.SEE_DRAFTS), removed_at__isnull=not removed
    )
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return (rows if removed else _of_participants(rows)).select_related("organisation", "workspace")


def with_counts(calendars: QuerySet[PartnerCalendar]) -> QuerySet[PartnerCalendar]:
    """Annotate `waiting`, `shown` and `set_aside`: the number of events in each state."""
    return calendars.annotate(
        waiting=Count("events", filter=Q(events__state=IntakeState.WAITING)),
        shown=Count("events", filter=Q(events__state=IntakeState.SHOWN)),
        set_aside=Count("events", filter=Q(events__state=IntakeState.SET_ASIDE)),
    )


def with_times(events: QuerySet[PartnerEvent]) -> QuerySet[PartnerEvent]:
    """Annotate the first time (`begins`, `ends`, or None) and the number of times (`times_count`)."""
    first = PartnerTime.objects.filter(event=OuterRef("pk")).order_by("starts_at", "id")
    return events.annotate(
        begins=Subquery(first.values("starts_at")[:1]),
        ends=Subquery(first.values("ends_at")[:1]),
        times_count=Count("times"),
    )


def partner_times_for(user: object, first: datetime.datetime, last: datetime.datetime) -> list[PartnerTime]:
    """Return partners' times between two moments, in the person's workspaces, sorted by start; one query.

    Only for people who see drafts there, only of reviewed events.
    """
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
        event__calendar__workspace__in=workspaces_for(user, Right.SEE_DRAFTS),
    )
    return list(rows.select_related("event__calendar__organisation").order_by("starts_at", "id")[:MOST_TIMES])


def calendars_to_refresh(before: datetime.datetime) -> QuerySet[PartnerCalendar]:
    """Return calendars with a URL last fetched before the moment, of organisations not frozen."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    rows = PartnerCalendar.objects.filter(
        Q(refreshed_at=None) | Q(refreshed_at__lt=before),
        ~Exists(frozen),
        source=Source.ADDRESS,
        removed_at=None,
        reading_since=None,
        workspace__archived_at=None,
    )
    return _of_participants(rows)


def _of_participants(calendars: QuerySet[PartnerCalendar]) -> QuerySet[PartnerCalendar]:
    part = Participation.objects.filter(
        workspace=OuterRef("workspace"), organisation=OuterRef("organisation"), ended_at=None
    )
    return calendars.filter(Exists(part))
