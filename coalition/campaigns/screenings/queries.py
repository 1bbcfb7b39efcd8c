"""Requests for screenings, and who took a film."""

from collections.abc import Iterator

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import ngettext

from coalition.campaigns.screenings.enums import PROVED, ScreeningState
from coalition.campaigns.screenings.models import ErasedScreenings, ScreeningRequest
from coalition.consent.enums import Place
from coalition.consent.items import Taker
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for


def requests_for(user: object, workspace: Workspace | None = None) -> QuerySet[ScreeningRequest]:
    """Requests with a proved address in workspaces where the person plans events: those that wait first, then
    by day."""
    rows = ScreeningRequest.objects.filter(workspace__in=workspaces_for(user, Right.PLAN), state__in=PROVED)
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    waits = Case(
        When(state=ScreeningState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.select_related("workspace").order_by(waits, "on", "pk")


def requests_waiting(user: object) -> QuerySet[ScreeningRequest]:
    """Requests that wait for an answer in workspaces that are in use."""
    return requests_for(user).filter(state=ScreeningState.ASKED, workspace__archived_at=None)


def takers(video: str) -> Iterator[Taker]:
    """Yield who was ever given the video (its key), whatever became of the screening since; in one line
    without an address those who are erased. Two queries."""
    for row in ScreeningRequest.objects.exclude(given_videos=[]).iterator():
        if video in row.given_videos:
            yield Taker(row.group, Place.SCREENING, row.address, row.language)
    for erased in ErasedScreenings.objects.filter(video=video, count__gt=0):
        words = ngettext(
            "%(count)s group that was given the film; its address is erased",
            "%(count)s groups that were given the film; their addresses are erased",
            erased.count,
        )
        yield Taker(words % {"count": erased.count}, Place.SCREENING)
