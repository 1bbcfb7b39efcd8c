"""Querysets of coverage and its links."""

import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from coalition.core.throttling import hash_token
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.models import Event
from events.core.queries import seated_events_for
from events.press.coverage.models import Coverage, CoverageLink, CoverageState


def coverage_for(access: Access) -> QuerySet[Coverage]:
    """Return the workspace's coverage, counted and pending, for seats that see drafts."""
    if not access.may(Right.SEE_DRAFTS):
        return Coverage.objects.none()
    rows = Coverage.objects.filter(workspace=access.workspace, removed_at=None)
    return rows.select_related("organisation", "publication__draft", "event", "came_by").prefetch_related(
        "event__texts"
    )


def removed_coverage(access: Access) -> QuerySet[Coverage]:
    """Return archived coverage that can be restored."""
    rows = Coverage.objects.filter(workspace=access.workspace)
    return rows.exclude(removed_at=None)


def linkable_event_keys(access: Access) -> set[int]:
    """Return keys of this workspace's events that the user may see named as subjects."""
    rows = seated_events_for(access.user, access.workspace)
    return set(rows.order_by().values_list("pk", flat=True))


def accepted_coverage(
    access: Access,
    *,
    q: str = "",
    event: UUID | None = None,
    first: datetime.date | None = None,
    last: datetime.date | None = None,
    **codes: str,
) -> list[Coverage]:
    """Return counted coverage that matches, newest first, in a few queries. `codes`: kind, region, language.

    `q` is matched in Python: not every database folds Kazakh and Russian letters.
    """
    rows = coverage_for(access).filter(state=CoverageState.COUNTED, **codes)
    if event:
        seen = seated_events_for(access.user, access.workspace).filter(uuid=event)
        rows = rows.filter(event__in=seen.order_by())
    if first:
        rows = rows.filter(on__gte=first)
    if last:
        rows = rows.filter(on__lte=last)
    q = q.casefold()
    return [one for one in rows if q in f"{one.outlet}\n{one.title}\n{one.programme}".casefold()]


def waiting_coverage(access: Access) -> list[Coverage]:
    """Return coverage sent by links that awaits review."""
    return list(coverage_for(access).filter(state=CoverageState.WAITING).order_by("id"))


def coverage_count(event: Event) -> int:
    """Count the coverage of an event: one query."""
    return Coverage.objects.filter(event=event, state=CoverageState.COUNTED, removed_at=None).count()


def coverage_links(access: Access) -> QuerySet[CoverageLink]:
    """Return the organisation's links in this workspace, with the number of entries by each."""
    rows = CoverageLink.objects.filter(workspace=access.workspace, organisation=access.organisation)
    came = Count("entries", filter=Q(entries__removed_at=None))
    return rows.select_related("workspace", "event").annotate(came=came).order_by("-id")


def coverage_link_of_token(token: str) -> CoverageLink | None:
    """Return the link of this token, ended or not; None if there is none."""
    rows = CoverageLink.objects.filter(token_hash=hash_token(token))
    return rows.select_related("workspace", "organisation", "event").first()
