"""School groups of an event: `desk` below `/workspaces/`, `urls` (a group's own page) below the site's root,
`public` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import group_form, school_groups

_GROUPS = "events/<uuid:event>/groups/"

urls: list[URLPattern | URLResolver] = [
    path("school-visit/<str:token>/", group_form.own, name="own_group"),
]
public: list[URLPattern | URLResolver] = [
    path("<slug:slug>/groups/", group_form.ask, name="school_groups"),
    path("<slug:slug>/groups/sent/", group_form.sent, name="school_groups_sent"),
]
desk: list[URLPattern | URLResolver] = [
    path(_GROUPS, school_groups.groups, name="groups"),
    path(f"{_GROUPS}terms/", school_groups.terms, name="groups_terms"),
    path(f"{_GROUPS}close/", school_groups.close, name="groups_close"),
    path(f"{_GROUPS}list.pdf", school_groups.pdf, name="groups_pdf"),
    path(f"{_GROUPS}<uuid:group>/answer/", school_groups.answer, name="group_answer"),
]
