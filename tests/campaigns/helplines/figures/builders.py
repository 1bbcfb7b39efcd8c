"""Lines with figures, and people who decide about them."""

import datetime

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import Organisation, User
from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.figures.actions import enter_month
from coalition.campaigns.helplines.figures.queries import Part, counts_of_month, stamp_of_counts
from coalition.campaigns.models import Helpline, HelplineEntry
from tests.campaigns.factories import HelplineEntryFactory
from tests.factories import MembershipFactory

NOW = "2026-11-10 06:00Z"  # October 2026 is over
ABAI, ALMATY, ASTANA = "KZ-10", "KZ-75", "KZ-71"


def month(number: int) -> datetime.date:
    """A month of 2026."""
    return datetime.date(2026, number, 1)


def line(**given: object) -> Helpline:
    """A public line of an organisation of its own."""
    return HelplineEntryFactory(**given).helpline


def representative(organisation: Organisation) -> User:
    return MembershipFactory(organisation=organisation, role=MembershipRole.REPRESENTATIVE).person


def enter(helpline: Helpline, on: datetime.date, total: int, parts: dict[Part, int] | None = None) -> None:
    """Enter a month as a member of the line's organisation does."""
    person = MembershipFactory(organisation=helpline.organisation).person
    seen = stamp_of_counts(counts_of_month(helpline, on))
    enter_month(helpline=helpline, month=on, total=total, parts=parts or {}, seen=seen, person=person)


def published_entry(helpline: Helpline) -> HelplineEntry:
    return helpline.entries.get(state=EntryState.PUBLISHED)
