"""Sittings that people entered: the only place where they come from."""

import datetime

from django.db.models import QuerySet

from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from events.partner_calendars.models import Sitting


def sittings_for(user: object, workspace: Workspace | None = None) -> QuerySet[Sitting]:
    """Sittings entered in workspaces of the person, the removed ones left out."""
    return _of(user, workspace).filter(removed_at=None)


def removed_sittings_for(user: object, workspace: Workspace | None = None) -> QuerySet[Sitting]:
    """Sittings that were removed and can be brought back."""
    return _of(user, workspace).exclude(removed_at=None)


def sittings_between(
    sittings: QuerySet[Sitting], first: datetime.datetime, last: datetime.datetime
) -> QuerySet[Sitting]:
    """Those that touch the time between two aware moments."""
    return sittings.filter(starts_at__lt=last, ends_at__gt=first)


def _of(user: object, workspace: Workspace | None) -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(workspace__in=workspaces_for(user))
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return rows.select_related("workspace", "organisation")
