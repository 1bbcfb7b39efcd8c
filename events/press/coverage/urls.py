"""Coverage: `desk` below `/workspaces/`; `root` (the link of an outlet or a partner) below the root."""

from django.urls import URLPattern, URLResolver, path

from events.press.coverage import views

_DESK = "<uuid:workspace>/press/coverage/"
_ONE = f"{_DESK}<uuid:coverage>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"

root: list[URLPattern | URLResolver] = [
    path("coverage/<str:token>/", views.note, name="coverage_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_DESK, views.coverage, name="press_coverage"),
    path("<uuid:workspace>/press/coverage.csv", views.table, name="press_coverage_table"),
    path(f"{_DESK}new/", views.add, name="press_coverage_add"),
    path(f"{_DESK}links/", views.links, name="press_coverage_links"),
    path(f"{_DESK}links/<uuid:link>/end/", views.end, name="press_coverage_link_end"),
    path(f"{_DESK}import/", views.begin, name="press_coverage_import"),
    path(_SHEET, views.preview, name="press_coverage_sheet"),
    path(f"{_SHEET}discard/", views.discard, name="press_coverage_sheet_discard"),
    path(_ONE, views.change, name="press_coverage_one"),
    path(f"{_ONE}take-in/", views.take_in, name="press_coverage_take_in"),
    path(f"{_ONE}take-out/", views.remove, name="press_coverage_remove"),
    path(f"{_ONE}bring-back/", views.put_back, name="press_coverage_back"),
]
