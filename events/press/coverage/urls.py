"""Coverage: `desk` below `/workspaces/`; `root` (the link of an outlet or a partner) below the root."""

from django.urls import URLPattern, URLResolver, path

from events.press.coverage import views

_DESK = "<uuid:workspace>/press/coverage/"
_ONE = f"{_DESK}<uuid:coverage>/"
_SHEET = f"{_DESK}import/<uuid:sheet>/"

root: list[URLPattern | URLResolver] = [
    path("coverage/<str:token>/", views.submit_coverage_by_link, name="coverage_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_DESK, views.coverage, name="press_coverage"),
    path("<uuid:workspace>/press/coverage.csv", views.download_coverage_table, name="press_coverage_table"),
    path(f"{_DESK}new/", views.add_coverage, name="press_coverage_add"),
    path(f"{_DESK}links/", views.coverage_links_page, name="press_coverage_links"),
    path(f"{_DESK}links/<uuid:link>/end/", views.end_coverage_link, name="press_coverage_link_end"),
    path(f"{_DESK}import/", views.begin_coverage_import, name="press_coverage_import"),
    path(_SHEET, views.preview_coverage_import, name="press_coverage_sheet"),
    path(f"{_SHEET}discard/", views.discard_coverage_import, name="press_coverage_sheet_discard"),
    path(_ONE, views.change_coverage, name="press_coverage_one"),
    path(f"{_ONE}take-in/", views.accept_coverage, name="press_coverage_take_in"),
    path(f"{_ONE}take-out/", views.remove_coverage, name="press_coverage_remove"),
    path(f"{_ONE}bring-back/", views.restore_coverage, name="press_coverage_back"),
]
