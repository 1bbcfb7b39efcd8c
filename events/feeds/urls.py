"""Feeds: `root` below the site's root, no language before them; `desk` below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.feeds import views

root: list[URLPattern | URLResolver] = [
    path("calendar.ics", views.all_events_feed, name="calendar_feed"),
    path("calendar/kinds/<slug:kind>.ics", views.kind_feed, name="calendar_kind"),
    path("calendar/organisations/<slug:slug>.ics", views.organisation_feed, name="calendar_organisation"),
    path("calendar/events/<uuid:event>.ics", views.event_feed, name="calendar_event"),
    path("calendar/private/<str:token>.ics", views.private_feed, name="calendar_private"),
    path("calendar/press/<str:token>.ics", views.embargo_feed, name="calendar_press"),
]
desk: list[URLPattern | URLResolver] = [
    path("feeds/", views.FeedsView.as_view(), name="feeds"),
    path("feeds/create/", views.FeedsView.as_view(http_method_names=["post"]), name="feed_create"),
    path("feeds/<uuid:feed>/new-address/", views.rotate, name="feed_rotate"),
    path("feeds/<uuid:feed>/end/", views.revoke, name="feed_revoke"),
]
