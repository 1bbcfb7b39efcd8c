from coalition.workspaces.models.activity import Activity
from coalition.workspaces.models.workspace import (
    GrantGroup,
    Participation,
    Seat,
    Workspace,
    WorkspaceGroupPermission,
    WorkspaceUserPermission,
)

__all__ = [
    "Activity",
    "GrantGroup",
    "Participation",
    "Seat",
    "Workspace",
    "WorkspaceGroupPermission",
    "WorkspaceUserPermission",
]
