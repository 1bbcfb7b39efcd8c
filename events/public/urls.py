"""Public events: below `/<language>/events/`. What stands beside `<slug>` is in `announce.RESERVED`."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.guest_book import urls as guest_book_urls
from events.exhibitions.school_groups import urls as school_groups_urls
from events.exhibitions.works import urls as works_urls
from events.press.kit import urls as kit_urls
from events.press.registration.views import AskToCome, RegistrationSent
from events.public import views
from events.questions import urls as questions_urls

urls: list[URLPattern | URLResolver] = [
    path("", views.events, name="public_events"),
    path("month/", views.month, name="public_events_month"),
    path("agenda/", views.agenda, name="public_events_agenda"),
    path("map/", views.region_map, name="public_events_map"),
    path("<slug:slug>/", views.event, name="public_event"),
    path("<slug:slug>/press/", AskToCome.as_view(), name="press_registration"),
    path(
        "<slug:slug>/press/sent/",
        RegistrationSent.as_view(),
        name="press_registration_sent",
    ),
    *works_urls.public,
    *school_groups_urls.public,
    *questions_urls.public,
    *kit_urls.public,
    *guest_book_urls.public,
]
