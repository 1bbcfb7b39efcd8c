"""URLs of the member area about workspaces themselves."""

from django.urls import path

from coalition.workspaces.views import inbox, people, workspace
from coalition.workspaces.views.people import (
    FreezesView,
    WorkspaceCreateView,
    freeze,
    freeze_confirm,
    freeze_thaw,
    freeze_withdraw,
)
from coalition.workspaces.views.workspace import pulse

app_name = "workspaces"

urlpatterns = [
    path("", workspace.dashboard, name="dashboard"),
    path("all/", workspace.all_workspaces, name="all"),
    path("new/", WorkspaceCreateView.as_view(), name="create"),
    path("freezes/", FreezesView.as_view(), name="freezes"),
    path("freezes/<uuid:freeze>/", freeze, name="freeze"),
    path("freezes/<uuid:freeze>/confirm/", freeze_confirm, name="freeze_confirm"),
    path("freezes/<uuid:freeze>/withdraw/", freeze_withdraw, name="freeze_withdraw"),
    path("freezes/<uuid:freeze>/thaw/", freeze_thaw, name="freeze_thaw"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.mark_as_read, name="inbox_read"),
    path("inbox/<uuid:batch>/unread/", inbox.mark_as_unread, name="inbox_unread"),
    path("notifications/", inbox.NotificationSettingsView.as_view(), name="notifications"),
    path("notifications/push/", inbox.push_allow, name="push_allow"),
    path("notifications/push/renew/", inbox.push_renew, name="push_renew"),
    path("notifications/push/stop/", inbox.push_stop, name="push_stop"),
    path("push.js", inbox.push_worker, name="push_worker"),
    path("pulse.json", pulse, name="pulse"),
    path("<uuid:workspace>/", workspace.overview, name="workspace"),
    path("<uuid:workspace>/here/", workspace.present_people, name="here"),
    path("<uuid:workspace>/people/", people.workspace_people, name="people"),
    path("<uuid:workspace>/people/give/", people.seat_give, name="seat_give"),
    path("<uuid:workspace>/people/<uuid:seat>/", people.seat_change, name="seat_change"),
    path("<uuid:workspace>/people/<uuid:seat>/take/", people.seat_end, name="seat_take"),
    path("<uuid:workspace>/organisations/bring-in/", people.organisation_add, name="bring_in"),
    path(
        "<uuid:workspace>/organisations/<uuid:organisation>/leave/", people.organisation_leave, name="leave"
    ),
    path("<uuid:workspace>/activity/", workspace.workspace_activity, name="activity"),
    path("<uuid:workspace>/log/", workspace.workspace_audit_log, name="log"),
    path("<uuid:workspace>/settings/", workspace.WorkspaceSettingsView.as_view(), name="settings"),
    path("<uuid:workspace>/settings/archive/", workspace.workspace_archive, name="archive"),
    path("<uuid:workspace>/settings/take-back/", workspace.workspace_restore, name="take_back"),
    path("<uuid:workspace>/act-for/", workspace.acting_for, name="act_for"),
]
