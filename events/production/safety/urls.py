"""The safety plan of an event: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.safety import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/safety/", views.safety, name="safety"),
    path("events/<uuid:event>/safety/change/", views.change_safety_plan, name="safety_change"),
]
