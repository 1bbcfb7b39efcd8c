"""Coverage and the links by which it comes: the only place where they come from."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from coalition.core.tokens import hash_token
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from events.core.models import Event
from events.core.queries import seated_events_for
from events.press.coverage.enums import CoverageState
from events.press.coverage.models import Coverage, CoverageLink


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty: everything that is counted. `event`: its UUID."""

    words: str = ""
    kind: str = ""
    region: str = ""
    language: str = ""
    event: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None

    @property
    def is_narrow(self) -> bool:
        return any(vars(self).values())


def coverage_for(access: Access) -> QuerySet[Coverage]:
    """Coverage of the workspace, for seats that see drafts: what is counted, and what waits for a look."""
    if not access.may(Right.SEE_DRAFTS):
        return Coverage.objects.none()
    rows = Coverage.objects.filter(workspace=access.workspace, removed_at=None)
    return rows.select_related("organisation", "publication__draft", "event", "came_by").prefetch_related(
        "event__texts"
    )


def removed_coverage(access: Access) -> QuerySet[Coverage]:
    """What was taken out and can come back."""
    rows = Coverage.objects.filter(workspace=access.workspace)
    return rows.exclude(removed_at=None)


def seen_events(access: Access) -> set[int]:
    """Keys of events of this workspace of which the person may be told that coverage is about them."""
    rows = seated_events_for(access.user, access.workspace)
    return set(rows.order_by().values_list("pk", flat=True))


def counted_coverage(access: Access, wanted: Wanted) -> list[Coverage]:
    """What is counted and looked for, newest first: a few queries. Words are looked for whatever their case,
    which not every database knows of our letters."""
    rows = coverage_for(access).filter(state=CoverageState.COUNTED)
    for name in ("kind", "region", "language"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.event:
        seen = seated_events_for(access.user, access.workspace).filter(uuid=wanted.event)
        rows = rows.filter(event__in=seen.order_by())
    if wanted.first:
        rows = rows.filter(on__gte=wanted.first)
    if wanted.last:
        rows = rows.filter(on__lte=wanted.last)
    words = wanted.words.casefold()
    return [one for one in rows if words in f"{one.outlet}\n{one.title}\n{one.programme}".casefold()]


def waiting_coverage(access: Access) -> list[Coverage]:
    """What came by links and nobody has looked at yet."""
    return list(coverage_for(access).filter(state=CoverageState.WAITING).order_by("id"))


def coverage_count(event: Event) -> int:
    """How often outlets told of an event: one query."""
    return Coverage.objects.filter(event=event, state=CoverageState.COUNTED, removed_at=None).count()


def coverage_links(access: Access) -> QuerySet[CoverageLink]:
    """Links that the organisation made here, with how much came by each."""
    rows = CoverageLink.objects.filter(workspace=access.workspace, organisation=access.organisation)
    came = Count("entries", filter=Q(entries__removed_at=None))
    return rows.select_related("workspace", "event").annotate(came=came).order_by("-id")


def link_of_token(token: str) -> CoverageLink | None:
    """The link that this token belongs to, ended or not; None for every other one."""
    rows = CoverageLink.objects.filter(token_hash=hash_token(token))
    return rows.select_related("workspace", "organisation", "event").first()
