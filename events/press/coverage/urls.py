"""Coverage: `desk` below `/workspaces/`; `urls` (the link of an outlet or a partner) below the root."""

from django.urls import URLPattern, URLResolver, path

from events.views import coverage, coverage_import, coverage_link

_DESK = "<uuid:workspace>/press/coverage/"
_ONE = f"{_DESK}<uuid:coverage>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"

urls: list[URLPattern | URLResolver] = [
    path("coverage/<str:token>/", coverage_link.note, name="coverage_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_DESK, coverage.coverage, name="press_coverage"),
    path("<uuid:workspace>/press/coverage.csv", coverage.table, name="press_coverage_table"),
    path(f"{_DESK}new/", coverage.add, name="press_coverage_add"),
    path(f"{_DESK}links/", coverage_link.links, name="press_coverage_links"),
    path(f"{_DESK}links/<uuid:link>/end/", coverage_link.end, name="press_coverage_link_end"),
    path(f"{_DESK}import/", coverage_import.begin, name="press_coverage_import"),
    path(_SHEET, coverage_import.preview, name="press_coverage_sheet"),
    path(f"{_SHEET}discard/", coverage_import.discard, name="press_coverage_sheet_discard"),
    path(_ONE, coverage.change, name="press_coverage_one"),
    path(f"{_ONE}take-in/", coverage.take_in, name="press_coverage_take_in"),
    path(f"{_ONE}take-out/", coverage.remove, name="press_coverage_remove"),
    path(f"{_ONE}bring-back/", coverage.put_back, name="press_coverage_back"),
]
