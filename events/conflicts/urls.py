"""Date conflicts and sittings: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.conflicts import sittings, views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/conflicts/", views.conflicts_panel, name="conflicts"),
    path("<uuid:workspace>/sittings/", sittings.sittings, name="sittings"),
    path(
        "<uuid:workspace>/sittings/<uuid:sitting>/remove/",
        sittings.remove_sitting_view,
        name="sitting_remove",
    ),
    path(
        "<uuid:workspace>/sittings/<uuid:sitting>/bring-back/",
        sittings.restore_sitting_view,
        name="sitting_bring_back",
    ),
]
