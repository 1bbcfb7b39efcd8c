"""Date conflicts and sittings: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import conflicts, sittings

urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/conflicts/", conflicts.panel, name="conflicts"),
    path("<uuid:workspace>/sittings/", sittings.sittings, name="sittings"),
    path("<uuid:workspace>/sittings/<uuid:sitting>/remove/", sittings.remove, name="sitting_remove"),
    path(
        "<uuid:workspace>/sittings/<uuid:sitting>/bring-back/", sittings.bring_back, name="sitting_bring_back"
    ),
]
