"""Addresses of a text's history in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, path

from documents.history import views


def history_of_a_text(text: str) -> list[URLPattern]:
    """Those below the address of a text, whose converter is known by the time this is called."""
    return [
        path(f"{text}history/", views.history, name="history"),
        path(f"{text}history/changes/", views.changes, name="history_changes"),
        path(f"{text}history/who/", views.who, name="history_who"),
        path(f"{text}history/<uuid:point>/", views.point, name="history_point"),
        path(f"{text}history/<uuid:point>/restore/", views.restore_passage, name="history_restore"),
    ]
