"""What referrals hand to the layers below."""

from coalition.workspaces.capability import Capability

REFERRALS = Capability(name="referrals", urls="coalition.campaigns.referrals.urls")
