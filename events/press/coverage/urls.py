"""Coverage: `desk` below `/workspaces/`; `urls` (the link of an outlet or a partner) below the root."""

from django.urls import URLPattern, URLResolver, path

from events.press.coverage.views import desk as coverage_desk_views
from events.press.coverage.views import import_coverage, links

_DESK = "<uuid:workspace>/press/coverage/"
_ONE = f"{_DESK}<uuid:coverage>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"

urls: list[URLPattern | URLResolver] = [
    path("coverage/<str:token>/", links.note, name="coverage_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_DESK, coverage_desk_views.coverage, name="press_coverage"),
    path("<uuid:workspace>/press/coverage.csv", coverage_desk_views.table, name="press_coverage_table"),
    path(f"{_DESK}new/", coverage_desk_views.add, name="press_coverage_add"),
    path(f"{_DESK}links/", links.links, name="press_coverage_links"),
    path(f"{_DESK}links/<uuid:link>/end/", links.end, name="press_coverage_link_end"),
    path(f"{_DESK}import/", import_coverage.begin, name="press_coverage_import"),
    path(_SHEET, import_coverage.preview, name="press_coverage_sheet"),
    path(f"{_SHEET}discard/", import_coverage.discard, name="press_coverage_sheet_discard"),
    path(_ONE, coverage_desk_views.change, name="press_coverage_one"),
    path(f"{_ONE}take-in/", coverage_desk_views.take_in, name="press_coverage_take_in"),
    path(f"{_ONE}take-out/", coverage_desk_views.remove, name="press_coverage_remove"),
    path(f"{_ONE}bring-back/", coverage_desk_views.put_back, name="press_coverage_back"),
]
