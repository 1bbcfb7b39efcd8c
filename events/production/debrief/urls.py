"""What follows an event, and planning it again: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.debrief import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/afterwards/", views.afterwards, name="afterwards"),
    path("events/<uuid:event>/afterwards/thank/<slug:group>/", views.thank, name="thank"),
    path("events/<uuid:event>/again/", views.again, name="plan_again"),
]
