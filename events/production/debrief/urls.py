"""What follows an event, and planning it again: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import afterwards, again

urls: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/afterwards/", afterwards.afterwards, name="afterwards"),
    path("events/<uuid:event>/afterwards/thank/<slug:group>/", afterwards.thank, name="thank"),
    path("events/<uuid:event>/again/", again.again, name="plan_again"),
]
