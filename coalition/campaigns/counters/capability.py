"""What counters hand to the layers below."""

from coalition.workspaces.capability import Capability

COUNTERS = Capability(name="counters", urls="coalition.campaigns.counters.urls")
