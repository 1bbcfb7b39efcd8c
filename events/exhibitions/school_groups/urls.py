"""School groups of an event: `desk` below `/workspaces/`, `root` (a group's own page) below the site's root,
`public_event` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.school_groups import views
from events.exhibitions.school_groups.views import GroupRequestSentView, GroupRequestView, OwnGroupView

_GROUPS = "events/<uuid:event>/groups/"

root: list[URLPattern | URLResolver] = [
    path("school-visit/<str:token>/", OwnGroupView.as_view(), name="own_group"),
]
public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/groups/", GroupRequestView.as_view(), name="school_groups"),
    path("<slug:slug>/groups/sent/", GroupRequestSentView.as_view(), name="school_groups_sent"),
]
desk: list[URLPattern | URLResolver] = [
    path(_GROUPS, views.groups, name="groups"),
    path(f"{_GROUPS}terms/", views.group_visit_terms, name="groups_terms"),
    path(f"{_GROUPS}close/", views.close_group_visits, name="groups_close"),
    path(f"{_GROUPS}list.pdf", views.download_group_list, name="groups_pdf"),
    path(f"{_GROUPS}<uuid:group>/answer/", views.answer_group_request, name="group_answer"),
]
