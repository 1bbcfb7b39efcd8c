"""URLs of the debrief and of planning an event again, below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.production.debrief import views

desk: list[URLPattern | URLResolver] = [
    path("events/<uuid:event>/afterwards/", views.debrief_page, name="afterwards"),
    path("events/<uuid:event>/afterwards/thank/<slug:group>/", views.thank_event_group, name="thank"),
    path("events/<uuid:event>/again/", views.plan_event_again, name="plan_again"),
]
