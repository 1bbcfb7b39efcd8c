"""Operators' links, and what their page shows of other lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from coalition.accounts.models import REGIONS
from coalition.accounts.queries import frozen_organisations
from coalition.campaigns.helplines.models import Helpline, HelplineEntry, OperatorLink
from coalition.campaigns.helplines.queries import public_helplines
from coalition.core.throttling import hash_token


def operator_link_of_token(token: str) -> OperatorLink | None:
    """Return the link that a token opens, with its line and organisation.

    None for no link, one that was ended, a line out of use or of another organisation by now, and while the
    organisation is frozen or gone.
    """
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    rows = OperatorLink.objects.filter(
        ~Exists(frozen),
        token_hash=hash_token(token),
        ended_at=None,
        helpline__retired_at=None,
        helpline__organisation=F("organisation"),
        organisation__left_at=None,
    )
    return rows.select_related("helpline__organisation").first()


def operator_links_of(helpline: Helpline) -> QuerySet[OperatorLink]:
    """Return every link of a line, newest first."""
    return OperatorLink.objects.filter(helpline=helpline)


@dataclass(frozen=True)
class Referral:
    """Lines to refer to in a region. `region`: its name, "" for lines of the whole country."""

    region: str
    entries: list[HelplineEntry]


def referrals(helpline: Helpline, regions: Iterable[str] = REGIONS) -> list[Referral]:
    """Return the other public lines: first those of the whole country, then by region. One query."""
    others = [entry for entry in public_helplines() if entry.helpline_id != helpline.pk]
    everywhere = [entry for entry in others if not entry.regions]
    found = [Referral("", everywhere)] if everywhere else []
    for code in regions:
        entries = [entry for entry in others if code in entry.regions]
        if entries:
            found.append(Referral(str(REGIONS[code]), entries))
    return found
