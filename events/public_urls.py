"""Public events: below `/<language>/events/`. `RESERVED` are words that no event may have as address."""

from django.urls import URLPattern, URLResolver, path

from events.views import public, public_event

urls: list[URLPattern | URLResolver] = [
    path("", public.events, name="public_events"),
    path("month/", public.month, name="public_events_month"),
    path("agenda/", public.agenda, name="public_events_agenda"),
    path("map/", public.region_map, name="public_events_map"),
    path("<slug:slug>/", public_event.event, name="public_event"),
]
RESERVED = ("month", "agenda", "map")
