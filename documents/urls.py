"""Addresses of all capabilities: `urlpatterns` below `/workspaces/`, `root`, and the `secretariat`'s."""

from coalition.workspaces.capability import url_patterns
from documents.registry import CAPABILITIES

app_name = "documents"
urlpatterns = url_patterns(CAPABILITIES, "desk")
root = url_patterns(CAPABILITIES, "root")
secretariat = url_patterns(CAPABILITIES, "secretariat")
