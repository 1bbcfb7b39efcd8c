"""Date conflicts and sittings: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.conflicts import views
from events.conflicts.sittings import views as conflicts_views

urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/conflicts/", views.panel, name="conflicts"),
    path("<uuid:workspace>/sittings/", conflicts_views.sittings, name="sittings"),
    path("<uuid:workspace>/sittings/<uuid:sitting>/remove/", conflicts_views.remove, name="sitting_remove"),
    path(
        "<uuid:workspace>/sittings/<uuid:sitting>/bring-back/",
        conflicts_views.bring_back,
        name="sitting_bring_back",
    ),
]
