"""Counting visitors: `desk` below `/workspaces/`, `urls` (the counter by a link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.visitors.views import counting
from events.exhibitions.visitors.views import desk as visitors_desk_views

_VISITORS = "events/<uuid:event>/visitors/"

urls: list[URLPattern | URLResolver] = [
    path("counting/<str:token>/", counting.by_link, name="counting"),
    path("counting/<str:token>/taps/", counting.taps_by_link, name="counting_taps"),
]
desk: list[URLPattern | URLResolver] = [
    path(_VISITORS, visitors_desk_views.counts, name="visitors"),
    path(f"{_VISITORS}table.csv", visitors_desk_views.table, name="visitors_table"),
    path(f"{_VISITORS}correct/", visitors_desk_views.put_right, name="visitors_correct"),
    path(f"{_VISITORS}count/", counting.as_member, name="visitors_count"),
    path(f"{_VISITORS}count/taps/", counting.taps_as_member, name="visitors_taps"),
    path(f"{_VISITORS}links/", visitors_desk_views.links, name="visitors_links"),
    path(f"{_VISITORS}links/<uuid:link>/take-back/", visitors_desk_views.end_link, name="visitors_link_end"),
]
