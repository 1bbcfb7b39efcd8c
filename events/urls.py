"""Addresses of all capabilities: `desk` below `/workspaces/`, `public` below `/<language>/`, `root`."""

from django.urls import include, path

from coalition.workspaces.capability import url_patterns
from events.registry import CAPABILITIES

app_name = "events"
urlpatterns = url_patterns(CAPABILITIES, "desk")
public = [
    path("events/", include(url_patterns(CAPABILITIES, "public_event"))),
    *url_patterns(CAPABILITIES, "public"),
]
root = url_patterns(CAPABILITIES, "root")
