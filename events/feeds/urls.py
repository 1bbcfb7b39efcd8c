"""Feeds: `root` below the site's root, no language before them; `desk` below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.feeds.views import embargoes, private
from events.feeds.views import public as open_feeds

root: list[URLPattern | URLResolver] = [
    path("calendar.ics", open_feeds.everything, name="calendar_feed"),
    path("calendar/kinds/<slug:kind>.ics", open_feeds.of_kind, name="calendar_kind"),
    path("calendar/organisations/<slug:slug>.ics", open_feeds.of_organisation, name="calendar_organisation"),
    path("calendar/events/<uuid:event>.ics", open_feeds.of_event, name="calendar_event"),
    path("calendar/private/<str:token>.ics", open_feeds.private, name="calendar_private"),
    path("calendar/press/<str:token>.ics", embargoes.press, name="calendar_press"),
]
desk: list[URLPattern | URLResolver] = [
    path("feeds/", private.feeds, name="feeds"),
    path("feeds/create/", private.create, name="feed_create"),
    path("feeds/<uuid:feed>/new-address/", private.rotate, name="feed_rotate"),
    path("feeds/<uuid:feed>/end/", private.revoke, name="feed_revoke"),
]
