"""What the desk shows of appeals."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.appeals.actions.holds import tally_of_hold
from coalition.campaigns.appeals.desk_queries import (
    DayCount,
    VersionCounts,
    appeals_for,
    holds_to_show,
    regions_in_tens,
)
from coalition.campaigns.appeals.enums import AppealStage, HoldState
from coalition.campaigns.appeals.hand_over_files import region_name
from coalition.campaigns.appeals.hold_words import hold_reason
from coalition.campaigns.appeals.mail_funnel import provider_of
from coalition.campaigns.appeals.models import Appeal, AppealVersion, Hold, Support
from coalition.campaigns.appeals.permissions import may_lead_appeals
from coalition.campaigns.appeals.versions import versions_with_texts
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.core.suppression import full_tens
from coalition.campaigns.referrals.models import ReferralCode
from coalition.core.clock import now
from coalition.core.localized_text import content_languages
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name

SAMPLE = 300  # rows of a hold whose addresses are looked at
PATTERNS_SHOWN = 3
LEAST_OF_A_PATTERN = 3  # rows; one that only few have could be a person's


def appeals_summary(access: Access) -> Summary:
    """Return the section's line on the page "Campaign". Two queries."""
    rows = list(appeals_for(access.user, access.workspace))
    if not rows:
        return Summary(
            _("There is no appeal yet."), next_step=_("Publish a text of the kind “Appeal”, then prepare it.")
        )
    today = localdate(now())
    stages = Counter(row.stage_on(today) for row in rows)
    waiting = holds_to_show().filter(appeal__in=rows, state=HoldState.WAITING).exists()
    number = stages[AppealStage.OPEN]
    text = ngettext("%(count)s appeal is open", "%(count)s appeals are open", number) % {"count": number}
    others = [
        _("%(count)s prepared") % {"count": stages[AppealStage.PREPARED]},
        _("%(count)s closed") % {"count": stages[AppealStage.CLOSED]},
    ]
    return Summary(f"{text}, {', '.join(others)}.", needs_attention=waiting)


@dataclass(frozen=True)
class AppealRow:
    """One appeal in the list of a workspace."""

    appeal: Appeal
    version: AppealVersion | None
    stage: AppealStage

    @property
    def title(self) -> str:
        return self.version.publication.title if self.version is not None else self.appeal.slug


def appeal_rows(appeals: Sequence[Appeal]) -> list[AppealRow]:
    """Return the appeals with their newest words: four queries, however many there are."""
    newest: dict[int, AppealVersion] = {}
    for version in versions_with_texts([row.pk for row in appeals]):
        newest.setdefault(version.appeal_id, version)
    today = localdate(now())
    return [AppealRow(row, newest.get(row.pk), row.stage_on(today)) for row in appeals]


@dataclass(frozen=True)
class NumberRow:
    """A row of a table of numbers. `percent`: of the largest, for a bar."""

    label: str
    count: int
    percent: int


def _bars(rows: Iterable[tuple[str, int]]) -> list[NumberRow]:
    found = list(rows)
    largest = max((count for _label, count in found), default=0) or 1
    return [NumberRow(label, count, round(100 * count / largest)) for label, count in found]


def region_rows(counts: VersionCounts, *, exact: bool) -> list[NumberRow]:
    """Return the regions, the largest first. Not `exact`: in full tens; empty if none has ten."""
    if exact:
        rows = sorted(counts.regions.items(), key=lambda row: (-row[1], row[0]))
        return _bars((region_name(code), number) for code, number in rows)
    return _bars((region_name(code), number) for code, number in regions_in_tens(counts.regions))


def language_rows(counts: VersionCounts, *, exact: bool) -> list[NumberRow]:
    """Return in which languages people supported it, in the order of the site's languages. Not `exact`: in
    full tens."""
    names = dict(content_languages())
    numbers = {**dict.fromkeys(names, 0), **counts.languages}
    shown = {code: number if exact else full_tens(number) for code, number in numbers.items()}
    return _bars((names.get(code, code), number) for code, number in shown.items() if exact or number)


@dataclass(frozen=True)
class ReferralRow:
    """How many came by the code of an organisation, in full tens, as the viewer may read its name."""

    organisation: str
    medium: str
    label: str
    count: int


def referral_rows(counts: VersionCounts, access: Access, viewer: Viewer) -> list[ReferralRow]:
    """Return the codes that brought ten supporters or more, the most first: those of the person's
    organisation, of all for those who lead. In full tens for everyone: a code can be given to one person.
    One query, none without codes."""
    credited = {code: full_tens(count) for code, count in counts.referrals.items() if full_tens(count)}
    if not credited:
        return []
    codes = ReferralCode.objects.filter(pk__in=credited).select_related("organisation")
    if not may_lead_appeals(access):
        codes = codes.filter(organisation=access.organisation)
    rows = [
        ReferralRow(
            display_name_for(viewer, code.organisation),
            code.get_medium_display(),
            code.label,
            credited[code.pk],
        )
        for code in codes
    ]
    return sorted(rows, key=lambda row: (-row.count, row.organisation, row.medium, row.label))


@dataclass(frozen=True)
class Progress:
    """How far the goal is. `percent`: 100 at most."""

    goal: int
    percent: int


def progress_of(appeal: Appeal, total: int) -> Progress | None:
    """Return how far it is; None without a goal."""
    return Progress(appeal.goal, min(100, 100 * total // appeal.goal)) if appeal.goal else None


def curve_rows(days: Sequence[DayCount], most: int = 60) -> list[NumberRow]:
    """Return the last days with support as bars, in order."""
    return _bars((date_format(one.day, "SHORT_DATE_FORMAT"), one.count) for one in days[-most:])


@dataclass(frozen=True)
class VoteRow:
    """One vote on a hold, as the viewer may read it. `counts`: it is open, so the next may decide with it."""

    organisation: str
    person: str
    releases: bool
    at: datetime.datetime
    counts: bool


@dataclass(frozen=True)
class PatternRow:
    """A shape that many addresses of a hold have: letters as •, digits as 0."""

    shape: str
    count: int


@dataclass(frozen=True)
class HoldRow:
    """A hold as it is shown. `waits_for_second`: one voted, one more is needed. `own_vote`: of the
    person's organisation since the last decision, None if it did not vote."""

    hold: Hold
    reason: str
    rows: int
    votes: list[VoteRow]
    waits_for_second: bool
    own_vote: bool | None


def hold_rows(holds: Iterable[Hold], access: Access, viewer: Viewer) -> list[HoldRow]:
    """Return the holds of `holds_of` with their votes. No query."""
    found = []
    for hold in holds:
        tally = tally_of_hold(hold, hold.decisions.all())
        open_pairs = {(one.organisation, one.releases) for one in tally.open_votes}
        votes = [
            VoteRow(
                display_name_for(viewer, one.organisation),
                person_name(viewer, one.person, one.organisation)
                if one.person
                else _("Somebody who has left"),
                one.releases,
                one.at,
                (one.organisation_id, one.releases) in open_pairs,
            )
            for one in sorted(hold.decisions.all(), key=lambda one: -one.pk)
        ]
        found.append(
            HoldRow(
                hold,
                hold_reason(hold.rule),
                getattr(hold, "rows", 0),
                votes,
                bool(tally.open_votes),
                tally.vote_of(access.organisation.pk),
            )
        )
    return found


def address_patterns(hold: Hold) -> list[PatternRow]:
    """Return the commonest shapes of its addresses, from which no address can be read: those that
    `LEAST_OF_A_PATTERN` rows or more have. Of the first `SAMPLE` rows whose address is still there."""
    rows = Support.objects.filter(hold=hold).exclude(address="").order_by("pk")[:SAMPLE]
    shapes = Counter(masked_address(row.address) for row in rows)
    common = [PatternRow(shape, n) for shape, n in shapes.most_common() if n >= LEAST_OF_A_PATTERN]
    return common[:PATTERNS_SHOWN]


def masked_address(address: str) -> str:
    """Return the shape of an address: letters as •, digits as 0; the domain only if it is a large provider's.

    More than twelve signs are cut off, so that a long name is not told by its length.
    """
    local = address.rpartition("@")[0]
    shape = re.sub(r"[^\W\d_]", "•", re.sub(r"\d", "0", local))[:12]
    return f"{shape}@{provider_of(address) or '…'}"
