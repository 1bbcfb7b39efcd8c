"""What appeals hand to the layers below."""

from coalition.workspaces.capability import Capability

APPEALS = Capability(name="appeals", urls="coalition.campaigns.appeals.urls")
