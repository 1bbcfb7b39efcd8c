"""Date conflicts and sittings: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.conflicts import sittings, views

_SITTING = "<uuid:workspace>/sittings/<uuid:sitting>/"

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/conflicts/", views.conflicts_panel, name="conflicts"),
    path("<uuid:workspace>/sittings/", sittings.SittingsView.as_view(), name="sittings"),
    path(f"{_SITTING}remove/", sittings.remove_sitting, name="sitting_remove"),
    path(f"{_SITTING}bring-back/", sittings.restore_sitting, name="sitting_restore"),
]
