"""Feeds: `urls` below the site's root, no language before them; `desk` below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.feeds.views import embargoes, private, public

urls: list[URLPattern | URLResolver] = [
    path("calendar.ics", public.everything, name="calendar_feed"),
    path("calendar/kinds/<slug:kind>.ics", public.of_kind, name="calendar_kind"),
    path("calendar/organisations/<slug:slug>.ics", public.of_organisation, name="calendar_organisation"),
    path("calendar/events/<uuid:event>.ics", public.of_event, name="calendar_event"),
    path("calendar/private/<str:token>.ics", public.private, name="calendar_private"),
    path("calendar/press/<str:token>.ics", embargoes.press, name="calendar_press"),
]
desk: list[URLPattern | URLResolver] = [
    path("feeds/", private.feeds, name="feeds"),
    path("feeds/create/", private.create, name="feed_create"),
    path("feeds/<uuid:feed>/new-address/", private.rotate, name="feed_rotate"),
    path("feeds/<uuid:feed>/end/", private.revoke, name="feed_revoke"),
]
