"""Referral codes and their numbers."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.suppression import full_tens
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay
from coalition.campaigns.referrals.permissions import may_see_all_codes, may_see_codes
from coalition.campaigns.referrals.targets import credits_of
from coalition.workspaces.permissions import Access

RECENT_DAYS = 7


@dataclass(frozen=True)
class CodeNumbers:
    """A code and what came of it. `opened_lately`: in the last seven days, today included; `credited`: in
    full tens, for everyone: a code can be given to one person, whose support nobody may see."""

    code: ReferralCode
    opened: int
    opened_lately: int
    credited: int


def codes_for(access: Access) -> QuerySet[ReferralCode]:
    """Codes of the person's organisation in the workspace, for coordinators those of all; open ones first."""
    rows = ReferralCode.objects.filter(workspace=access.workspace).select_related("organisation")
    if not may_see_codes(access):
        return rows.none()
    if not may_see_all_codes(access):
        rows = rows.filter(organisation=access.organisation)
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-id")


def creditable_code(code: str, target: UUID) -> ReferralCode | None:
    """Return the code by which somebody came to `target`, if it still credits its organisation. No query
    without a code."""
    if not code:
        return None
    return ReferralCode.objects.filter(code=code[:12].upper(), target=target, ended_at=None).first()


def numbers_of(codes: Iterable[ReferralCode]) -> list[CodeNumbers]:
    """Return the codes with their numbers: one query for the openings, and one for each action."""
    rows = list(codes)
    opened, lately = _openings_of(rows)
    targets: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        targets[row.action].add(row.target)
    credited: dict[int, int] = {}
    for action, found in targets.items():
        credited |= credits_of(action, found)
    return [
        CodeNumbers(row, opened.get(row.pk, 0), lately.get(row.pk, 0), full_tens(credited.get(row.pk, 0)))
        for row in rows
    ]


def _openings_of(codes: list[ReferralCode]) -> tuple[dict[int, int], dict[int, int]]:
    """All openings and those of the last days, by the code's primary key."""
    since = site_today() - datetime.timedelta(days=RECENT_DAYS - 1)
    recent = Coalesce(Sum("opened", filter=Q(day__gte=since)), 0)
    rows = ReferralDay.objects.filter(code__in=codes).order_by().values_list("code")
    found = list(rows.annotate(every=Sum("opened"), recent=recent))
    return {pk: every for pk, every, _recent in found}, {pk: recent for pk, _every, recent in found}


def openings_by_day(code: ReferralCode, days: int) -> list[tuple[datetime.date, int]]:
    """Return the last `days` days with the openings of each, the newest first, noughts too."""
    today = site_today()
    since = today - datetime.timedelta(days=days - 1)
    found = dict(code.days.filter(day__gte=since).values_list("day", "opened"))
    dates = [today - datetime.timedelta(days=back) for back in range(days)]
    return [(one, found.get(one, 0)) for one in dates]


def open_count(access: Access) -> int:
    """How many open codes the person's organisation has in the workspace."""
    own = Q(workspace=access.workspace, organisation=access.organisation, ended_at=None)
    return ReferralCode.objects.filter(own).count()
