"""School groups of an event: `desk` below `/workspaces/`, `root` (a group's own page) below the site's root,
`public_event` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.school_groups import views
from events.exhibitions.school_groups.views import AskWithGroup, GroupSent, OwnGroup

_GROUPS = "events/<uuid:event>/groups/"

root: list[URLPattern | URLResolver] = [
    path("school-visit/<str:token>/", OwnGroup.as_view(), name="own_group"),
]
public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/groups/", AskWithGroup.as_view(), name="school_groups"),
    path("<slug:slug>/groups/sent/", GroupSent.as_view(), name="school_groups_sent"),
]
desk: list[URLPattern | URLResolver] = [
    path(_GROUPS, views.groups, name="groups"),
    path(f"{_GROUPS}terms/", views.terms, name="groups_terms"),
    path(f"{_GROUPS}close/", views.close, name="groups_close"),
    path(f"{_GROUPS}list.pdf", views.pdf, name="groups_pdf"),
    path(f"{_GROUPS}<uuid:group>/answer/", views.answer, name="group_answer"),
]
