"""Addresses of all capabilities: `desk` below `/workspaces/`, `public` below `/<language>/`, `root`."""

from coalition.campaigns.registry import CAPABILITIES
from coalition.workspaces.capability import url_patterns

app_name = "campaigns"
urlpatterns = url_patterns(CAPABILITIES, "desk")
public = url_patterns(CAPABILITIES, "public")
root = url_patterns(CAPABILITIES, "root")
