"""The safety plan of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import safety

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/safety/", safety.safety, name="safety"),
    path("events/<uuid:event>/safety/change/", safety.change, name="safety_change"),
]
