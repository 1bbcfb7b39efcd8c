"""What follows an event, and planning it again: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.debrief.views import debrief, reuse

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/afterwards/", debrief.afterwards, name="afterwards"),
    path("events/<uuid:event>/afterwards/thank/<slug:group>/", debrief.thank, name="thank"),
    path("events/<uuid:event>/again/", reuse.again, name="plan_again"),
]
