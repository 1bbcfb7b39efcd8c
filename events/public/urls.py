"""Public events: below `/<language>/events/`. What stands beside `<slug>` is in `announce.RESERVED`."""

from django.urls import URLPattern, URLResolver, path

from events.addresses import guest_book, questions, school_groups
from events.addresses import kit as kit_urls
from events.addresses import works as work_urls
from events.views import press_form, public, public_event

urls: list[URLPattern | URLResolver] = [
    path("", public.events, name="public_events"),
    path("month/", public.month, name="public_events_month"),
    path("agenda/", public.agenda, name="public_events_agenda"),
    path("map/", public.region_map, name="public_events_map"),
    path("<slug:slug>/", public_event.event, name="public_event"),
    path("<slug:slug>/press/", press_form.ask, name="press_registration"),
    path("<slug:slug>/press/sent/", press_form.sent, name="press_registration_sent"),
    *work_urls.public,
    *school_groups.public,
    *questions.public,
    *kit_urls.public,
    *guest_book.public,
]
