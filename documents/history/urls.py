"""Addresses of a text's history in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, path

from documents.history.views import history


def history_of_a_text(text: str) -> list[URLPattern]:
    """Those below the address of a text, whose converter is known by the time this is called."""
    return [
        path(f"{text}history/", history.history, name="history"),
        path(f"{text}history/changes/", history.changes, name="history_changes"),
        path(f"{text}history/who/", history.who, name="history_who"),
        path(f"{text}history/<uuid:point>/", history.point, name="history_point"),
        path(f"{text}history/<uuid:point>/restore/", history.restore, name="history_restore"),
    ]
