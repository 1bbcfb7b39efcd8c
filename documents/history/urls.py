"""Addresses of versions and of a text's history; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.access import TEXT
from documents.history import views

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}versions/", views.text_versions, name="versions"),
    path(f"{TEXT}compare/", views.compare_versions, name="compare"),
    path(f"{TEXT}history/", views.text_history, name="history"),
    path(f"{TEXT}history/changes/", views.compare_states, name="history_changes"),
    path(f"{TEXT}history/who/", views.authorship, name="history_who"),
    path(f"{TEXT}history/<uuid:point>/", views.history_point, name="history_point"),
    path(f"{TEXT}history/<uuid:point>/restore/", views.restore_passage, name="history_restore"),
    path("versions/<uuid:version>/", views.show_version, name="version"),
    path("versions/<uuid:version>/restore/", views.restore_version, name="restore"),
]
