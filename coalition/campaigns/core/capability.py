"""What all capabilities of campaigns share: the page "Campaign" of a workspace."""

from coalition.workspaces.capability import Capability

CAMPAIGN_PAGE = Capability(name="campaign_page", urls="coalition.campaigns.core.urls")
