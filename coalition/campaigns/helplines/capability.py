"""What helplines hand to the layers below."""

from coalition.workspaces.capability import Capability

HELPLINES = Capability(name="helplines", urls="coalition.campaigns.helplines.urls")
