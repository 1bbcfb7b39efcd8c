"""Addresses of paper sheets."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.in_person.sheets import views

_ALL = "<uuid:workspace>/sheets/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, views.SheetsView.as_view(), name="sheets"),
    path(f"{_ALL}mark/", views.MarkSheetsView.as_view(), name="sheets_mark"),
    path(f"{_ALL}<uuid:run>/sheets.pdf", views.run_file, name="sheet_run_pdf"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
