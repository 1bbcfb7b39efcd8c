"""The safety plan of an event, and its advisory: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.advisory import views as advisory_views
from events.production.safety import views

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/safety/", views.safety, name="safety"),
    path("events/<uuid:event>/advisory/", advisory_views.advisory, name="advisory"),
    path("events/<uuid:event>/safety/change/", views.change, name="safety_change"),
]
