"""Feeds: below the site's root, no language before them."""

from django.urls import URLPattern, URLResolver, path

from events.views import feeds

urls: list[URLPattern | URLResolver] = [
    path("calendar.ics", feeds.everything, name="calendar_feed"),
    path("calendar/kinds/<slug:kind>.ics", feeds.of_kind, name="calendar_kind"),
    path("calendar/organisations/<slug:slug>.ics", feeds.of_organisation, name="calendar_organisation"),
    path("calendar/events/<uuid:event>.ics", feeds.of_event, name="calendar_event"),
    path("calendar/private/<str:token>.ics", feeds.private, name="calendar_private"),
]
