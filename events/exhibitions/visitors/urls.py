"""Counting visitors: `desk` below `/workspaces/`, `root` (the counter by a link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.visitors import views

_VISITORS = "events/<uuid:event>/visitors/"

root: list[URLPattern | URLResolver] = [
    path("counting/<str:token>/", views.counter_by_link, name="counting"),
    path("counting/<str:token>/taps/", views.submit_taps_by_link, name="counting_taps"),
]
desk: list[URLPattern | URLResolver] = [
    path(_VISITORS, views.counts, name="visitors"),
    path(f"{_VISITORS}table.csv", views.download_visitor_table, name="visitors_table"),
    path(f"{_VISITORS}correct/", views.correct_visitor_count, name="visitors_correct"),
    path(f"{_VISITORS}count/", views.counter_as_member, name="visitors_count"),
    path(f"{_VISITORS}count/taps/", views.submit_taps_as_member, name="visitors_taps"),
    path(f"{_VISITORS}links/", views.count_links, name="visitors_links"),
    path(f"{_VISITORS}links/<uuid:link>/take-back/", views.end_count_link, name="visitors_link_end"),
]
