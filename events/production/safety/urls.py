"""The safety plan of an event, and its advisory: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import advisory, safety

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/safety/", safety.safety, name="safety"),
    path("events/<uuid:event>/advisory/", advisory.advisory, name="advisory"),
    path("events/<uuid:event>/safety/change/", safety.change, name="safety_change"),
]
