"""The members' calendar: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.calendar import views

desk: list[URLPattern | URLResolver] = [
    path("calendar/", views.member_calendar, name="calendar"),
    path("<uuid:workspace>/calendar/", views.workspace_calendar, name="workspace_calendar"),
]
