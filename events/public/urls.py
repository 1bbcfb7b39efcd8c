"""Public events: below `/<language>/events/`. Paths beside `<slug>`: `announce.RESERVED_SLUGS`."""

from django.urls import URLPattern, URLResolver, path

from events.public import views

public_event: list[URLPattern | URLResolver] = [
    path("", views.events, name="public_events"),
    path("month/", views.month, name="public_events_month"),
    path("agenda/", views.agenda, name="public_events_agenda"),
    path("map/", views.region_map, name="public_events_map"),
    path("<slug:slug>/picture/", views.public_event_picture, name="public_event_picture"),
    path("<slug:slug>/", views.public_event_page, name="public_event"),
]
