"""The capabilities of campaigns, in the order of their layers: lowest first."""

from coalition.campaigns.appeals.capability import APPEALS
from coalition.campaigns.core.capability import CAMPAIGN_PAGE
from coalition.campaigns.counters.capability import COUNTERS
from coalition.campaigns.helplines.capability import HELPLINES
from coalition.campaigns.helplines.figures.capability import HELPLINE_FIGURES
from coalition.campaigns.helplines.operators.capability import HELPLINE_OPERATORS
from coalition.campaigns.helplines.uses.capability import HELPLINE_USES
from coalition.campaigns.referrals.capability import REFERRALS
from coalition.workspaces.capability import Capability, register_capability

CAPABILITIES: tuple[Capability, ...] = (
    CAMPAIGN_PAGE,
    REFERRALS,
    COUNTERS,
    HELPLINES,
    HELPLINE_FIGURES,
    HELPLINE_OPERATORS,
    HELPLINE_USES,
    APPEALS,
)


def register_all() -> None:
    """Hand each of them over. Called once, from `AppConfig.ready()`."""
    for capability in CAPABILITIES:
        register_capability(capability)
