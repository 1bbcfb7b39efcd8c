"""Feeds: `urls` below the site's root, no language before them; `desk` below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import feeds, press_feed, private_feeds

urls: list[URLPattern | URLResolver] = [
    path("calendar.ics", feeds.everything, name="calendar_feed"),
    path("calendar/kinds/<slug:kind>.ics", feeds.of_kind, name="calendar_kind"),
    path("calendar/organisations/<slug:slug>.ics", feeds.of_organisation, name="calendar_organisation"),
    path("calendar/events/<uuid:event>.ics", feeds.of_event, name="calendar_event"),
    path("calendar/private/<str:token>.ics", feeds.private, name="calendar_private"),
    path("calendar/press/<str:token>.ics", press_feed.press, name="calendar_press"),
]
desk: list[URLPattern | URLResolver] = [
    path("feeds/", private_feeds.feeds, name="feeds"),
    path("feeds/create/", private_feeds.create, name="feed_create"),
    path("feeds/<uuid:feed>/new-address/", private_feeds.rotate, name="feed_rotate"),
    path("feeds/<uuid:feed>/end/", private_feeds.revoke, name="feed_revoke"),
]
