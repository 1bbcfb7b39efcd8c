"""Calling the press: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.call_sheets import views

_DESK = "<uuid:workspace>/press/"
_CALLS = f"{_DESK}calls/<uuid:calls>/"

desk: list[URLPattern | URLResolver] = [
    path(f"{_DESK}calls/", views.call_sheets, name="press_call_sheets"),
    path(_CALLS, views.call_sheet, name="press_calls"),
    path(f"{_CALLS}sheet.csv", views.download_call_table, name="press_calls_table"),
    path(f"{_CALLS}sheet.pdf", views.print_call_sheet, name="press_calls_paper"),
    path(f"{_CALLS}discard/", views.delete_call_sheet, name="press_calls_discard"),
    path(f"{_CALLS}<uuid:call>/", views.record_call_outcome, name="press_call"),
]
