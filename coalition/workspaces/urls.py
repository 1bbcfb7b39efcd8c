"""Addresses of the members' area that belong to workspaces themselves."""

from django.urls import path

from coalition.workspaces.views import (
    dashboard,
    door,
    freezes,
    inbox,
    notifications,
    people,
    pulse,
    secretariat,
    settings,
    workspace,
)

app_name = "workspaces"

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("all/", workspace.all_workspaces, name="all"),
    path("new/", secretariat.create, name="create"),
    path("freezes/", freezes.freezes, name="freezes"),
    path("freezes/<uuid:freeze>/", freezes.freeze, name="freeze"),
    path("freezes/<uuid:freeze>/confirm/", freezes.confirm, name="freeze_confirm"),
    path("freezes/<uuid:freeze>/withdraw/", freezes.withdraw, name="freeze_withdraw"),
    path("freezes/<uuid:freeze>/thaw/", freezes.thaw, name="freeze_thaw"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read, name="inbox_read"),
    path("inbox/<uuid:batch>/unread/", inbox.take_back, name="inbox_unread"),
    path("notifications/", notifications.settings, name="notifications"),
    path("notifications/push/", notifications.push_allow, name="push_allow"),
    path("notifications/push/renew/", notifications.push_renew, name="push_renew"),
    path("notifications/push/stop/", notifications.push_stop, name="push_stop"),
    path("push.js", notifications.push_worker, name="push_worker"),
    path("pulse.json", pulse.pulse, name="pulse"),
    path("<uuid:workspace>/", workspace.overview, name="workspace"),
    path("<uuid:workspace>/here/", workspace.here, name="here"),
    path("<uuid:workspace>/people/", people.people, name="people"),
    path("<uuid:workspace>/people/give/", people.give, name="seat_give"),
    path("<uuid:workspace>/people/<uuid:seat>/", people.change, name="seat_change"),
    path("<uuid:workspace>/people/<uuid:seat>/take/", people.take, name="seat_take"),
    path("<uuid:workspace>/organisations/bring-in/", people.bring_in, name="bring_in"),
    path("<uuid:workspace>/organisations/<uuid:organisation>/leave/", people.leave, name="leave"),
    path("<uuid:workspace>/activity/", workspace.activity, name="activity"),
    path("<uuid:workspace>/log/", workspace.log, name="log"),
    path("<uuid:workspace>/settings/", settings.settings, name="settings"),
    path("<uuid:workspace>/settings/archive/", settings.archive, name="archive"),
    path("<uuid:workspace>/settings/take-back/", settings.take_back, name="take_back"),
    path("<uuid:workspace>/act-for/", door.act_for, name="act_for"),
]
