"""The advisory of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.advisory import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/advisory/", views.advisory, name="advisory"),
]
