"""Workspaces as subjects of notifications."""

from collections.abc import Collection, Mapping
from uuid import UUID

from coalition.workspaces.models import Workspace
from coalition.workspaces.notifications.kinds import SubjectDescription


def describe_workspaces(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Workspace.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}
