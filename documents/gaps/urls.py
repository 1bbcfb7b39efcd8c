"""Address where gaps of a holding statement are filled; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.gaps import views

desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/fill/", views.fill_gaps_page, name="fill_gaps"),
]
