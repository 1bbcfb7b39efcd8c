"""The capabilities of campaigns, in the order of their layers: lowest first."""

from coalition.campaigns.appeals.capability import APPEALS
from coalition.campaigns.asks.capability import ASKS
from coalition.campaigns.core.capability import CAMPAIGN_PAGE
from coalition.campaigns.counters.capability import COUNTERS
from coalition.campaigns.helplines.capability import HELPLINES
from coalition.campaigns.helplines.figures.capability import HELPLINE_FIGURES
from coalition.campaigns.helplines.operators.capability import HELPLINE_OPERATORS
from coalition.campaigns.helplines.uses.capability import HELPLINE_USES
from coalition.campaigns.impact.capability import IMPACT
from coalition.campaigns.in_person.capability import IN_PERSON
from coalition.campaigns.in_person.counting.capability import IN_PERSON_COUNTING
from coalition.campaigns.in_person.sheets.capability import PAPER_SHEETS
from coalition.campaigns.letters.board.capability import LETTER_BOARD
from coalition.campaigns.letters.capability import LETTERS
from coalition.campaigns.media_package.capability import MEDIA_PACKAGES
from coalition.campaigns.media_package.measuring.capability import PACKAGE_MEASURING
from coalition.campaigns.media_package.notices.capability import PACKAGE_NOTICES
from coalition.campaigns.media_package.outlets.capability import PACKAGE_OUTLETS
from coalition.campaigns.media_package.posters.capability import PACKAGE_POSTERS
from coalition.campaigns.media_package.uploads.capability import PACKAGE_UPLOADS
from coalition.campaigns.postcards.capability import POSTCARDS
from coalition.campaigns.postcards.ledger.capability import POSTCARD_LEDGER
from coalition.campaigns.recipients.capability import RECIPIENTS
from coalition.campaigns.referrals.capability import REFERRALS
from coalition.campaigns.regional_plan.capability import REGIONAL_PLAN
from coalition.campaigns.screenings.capability import FILM_SCREENINGS
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
    RECIPIENTS,
    ASKS,
    POSTCARDS,
    POSTCARD_LEDGER,
    LETTERS,
    LETTER_BOARD,
    IN_PERSON,
    PAPER_SHEETS,
    IN_PERSON_COUNTING,
    REGIONAL_PLAN,
    FILM_SCREENINGS,
    PACKAGE_MEASURING,
    PACKAGE_UPLOADS,
    PACKAGE_POSTERS,
    PACKAGE_OUTLETS,
    PACKAGE_NOTICES,
    MEDIA_PACKAGES,
    IMPACT,
)


def register_all() -> None:
    """Hand each of them over. Called once, from `AppConfig.ready()`."""
    for capability in CAPABILITIES:
        register_capability(capability)
