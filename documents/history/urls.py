"""Addresses of versions and of a text's history; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.addresses import TEXT
from documents.history import views

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}versions/", views.versions, name="versions"),
    path(f"{TEXT}compare/", views.compare, name="compare"),
    path(f"{TEXT}history/", views.history, name="history"),
    path(f"{TEXT}history/changes/", views.changes, name="history_changes"),
    path(f"{TEXT}history/who/", views.who, name="history_who"),
    path(f"{TEXT}history/<uuid:point>/", views.point, name="history_point"),
    path(f"{TEXT}history/<uuid:point>/restore/", views.restore_passage, name="history_restore"),
    path("versions/<uuid:version>/", views.version, name="version"),
    path("versions/<uuid:version>/restore/", views.restore_version, name="restore"),
]
