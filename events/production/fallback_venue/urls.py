"""The second place of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.fallback_venue import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/second-place/", views.edit_fallback_venue, name="second_place"),
    path("events/<uuid:event>/second-place/use/", views.use_fallback_venue, name="second_place_use"),
]
