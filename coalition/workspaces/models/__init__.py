from coalition.workspaces.models.activity import Activity
from coalition.workspaces.models.notification import (
    MutedWorkspace,
    Notification,
    NotificationSettings,
    PushSubscription,
)
from coalition.workspaces.models.presence import Presence
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
    "MutedWorkspace",
    "Notification",
    "NotificationSettings",
    "Participation",
    "Presence",
    "PushSubscription",
    "Seat",
    "Workspace",
    "WorkspaceGroupPermission",
    "WorkspaceUserPermission",
]
