"""The capabilities of campaigns, in the order of their layers: lowest first."""

from coalition.campaigns.appeals.capability import APPEALS
from coalition.campaigns.core.capability import CAMPAIGN_PAGE
from coalition.campaigns.counters.capability import COUNTERS
from coalition.campaigns.helplines.capability import HELPLINES
from coalition.campaigns.referrals.capability import REFERRALS
from coalition.workspaces.capability import Capability, register

CAPABILITIES: tuple[Capability, ...] = (CAMPAIGN_PAGE, REFERRALS, COUNTERS, HELPLINES, APPEALS)


def register_all() -> None:
    """Hand each of them over. Called once, from `AppConfig.ready()`."""
    for capability in CAPABILITIES:
        register(capability)
