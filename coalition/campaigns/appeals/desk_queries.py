"""Appeals as organisers see them: the only place where these lists come from."""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.utils.timezone import localdate

from coalition.accounts.models import REGIONS, Listing
from coalition.accounts.queries import frozen_organisations
from coalition.campaigns.appeals.enums import CONFIRMED, HoldState, SupportState
from coalition.campaigns.appeals.models import (
    Appeal,
    AppealVersion,
    ContactOffer,
    HandOver,
    Hold,
    HoldDecision,
    Support,
    SupportChange,
    SupportTotal,
)
from coalition.campaigns.core.suppression import full_tens
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.models import Participation, Workspace
from coalition.workspaces.queries import workspaces_for


def appeals_for(user: object, workspace: Workspace | None = None) -> QuerySet[Appeal]:
    """Appeals of workspaces in which the person sees drafts, newest first."""
    rows = Appeal.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = rows.select_related("workspace", "organisation")
    return rows.filter(workspace=workspace) if workspace is not None else rows


def open_appeals(day: datetime.date | None = None) -> QuerySet[Appeal]:
    """Appeals that take support on this day (today), as `Appeal.stage_on` says of one."""
    on = day or localdate(now())
    return Appeal.objects.filter(
        Q(closes_on=None) | Q(closes_on__gte=on),
        Q(personal_data_until=None) | Q(personal_data_until__gte=on),
        opened_at__isnull=False,
        closed_at=None,
        personal_data_ended_at=None,
    )


def contact_offers_of(appeal: Appeal) -> QuerySet[ContactOffer]:
    """Organisations that are offered in the form now: open, take part, may be named to everybody, neither
    frozen nor gone. For everyone; the order in which they offered."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    part = Participation.objects.filter(
        workspace=appeal.workspace_id, organisation=OuterRef("organisation"), ended_at=None
    )
    rows = ContactOffer.objects.filter(
        ~Exists(frozen),
        Exists(part),
        appeal=appeal,
        ended_at=None,
        organisation__listing=Listing.PUBLIC,
        organisation__left_at=None,
    )
    return rows.select_related("organisation").order_by("id")


def holds_of(appeal: Appeal) -> QuerySet[Hold]:
    """Its holds with something to decide, those that wait first, then the newest, with their votes. `rows`:
    how many are confirmed and not withdrawn. Two queries."""
    votes = votes_on_holds().select_related("person", "organisation").order_by("id")
    live = Q(supports__state__in=CONFIRMED)
    rows = holds_to_show().filter(appeal=appeal).annotate(rows=Count("supports", filter=live))
    waits = Case(When(state=HoldState.WAITING, then=0), default=1)
    return rows.order_by(waits, "-id").prefetch_related(Prefetch("decisions", queryset=votes))


def holds_to_show() -> QuerySet[Hold]:
    """Holds of confirmed rows, and those that were voted on. Not yet those which nobody has confirmed."""
    voted = HoldDecision.objects.filter(hold=OuterRef("pk"))
    return Hold.objects.filter(Exists(confirmed_rows().filter(hold=OuterRef("pk"))) | Exists(voted))


def confirmed_rows() -> QuerySet[Support]:
    """Supports that were confirmed and not withdrawn."""
    return Support.objects.filter(state__in=CONFIRMED)


def votes_on_holds() -> QuerySet[HoldDecision]:
    """Votes with `takes_part`: whether the organisation takes part in the workspace, neither frozen nor gone
    from the coalition."""
    frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
    part = Participation.objects.filter(
        workspace=OuterRef("hold__appeal__workspace"),
        organisation=OuterRef("organisation"),
        ended_at=None,
    )
    takes_part = Q(~Exists(frozen), Exists(part), organisation__left_at=None)
    return HoldDecision.objects.annotate(takes_part=ExpressionWrapper(takes_part, BooleanField()))


def hand_overs_of(appeal: Appeal) -> QuerySet[HandOver]:
    """Its hand-overs, newest first."""
    rows = HandOver.objects.filter(appeal=appeal)
    return rows.select_related("version", "made_by", "organisation", "receipt_file", "answer_file")


def public_hand_overs(appeal: Appeal) -> QuerySet[HandOver]:
    """What everybody reads of hand-overs: those that were published, the newest first. One query."""
    return hand_overs_of(appeal).filter(published_at__isnull=False, delivered_on__isnull=False)


@dataclass(frozen=True)
class VersionCounts:
    """How many support one version. By region code, by language code, by primary key of referral code."""

    total: int
    regions: dict[str, int]
    languages: dict[str, int]
    referrals: dict[int, int]


def counts_of_version(version: AppealVersion) -> VersionCounts:
    """Return the exact counts, with what no total holds yet. Two queries. For organisers only."""
    regions: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    referrals: Counter[int] = Counter()
    keys = ("region", "language", "referral")
    totals = SupportTotal.objects.filter(version=version).values_list(*keys, "count")
    changes = SupportChange.objects.filter(version=version).order_by().values_list(*keys)
    for region, language, referral, number in [*totals, *changes.annotate(number=Sum("difference"))]:
        regions[region] += number
        languages[language] += number
        if referral is not None:
            referrals[referral] += number
    return VersionCounts(
        sum(regions.values()), _positive(regions), _positive(languages), _positive(referrals)
    )


def _positive[Key](counts: Counter[Key]) -> dict[Key, int]:
    return {key: number for key, number in counts.most_common() if number > 0}


@dataclass(frozen=True)
class DayCount:
    """How many of those who support it now asked on a day."""

    day: datetime.date
    count: int


def days_of_version(version: AppealVersion) -> list[DayCount]:
    """Return the days with support, in order. There are none once the personal data ended. One query."""
    rows = Support.objects.filter(version=version, state=SupportState.COUNTED).order_by("day")
    return [DayCount(day, count) for day, count in rows.values_list("day").annotate(number=Count("pk"))]


def regions_in_tens(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return region codes with counts in full tens, the largest first.

    Small numbers could tell who supports in a village, and so could the difference of two numbers: of tens,
    neither a number nor a difference lies between 1 and 9.
    """
    tens = [(code, full_tens(count)) for code, count in counts.items() if code in REGIONS]
    return sorted(((code, count) for code, count in tens if count), key=lambda one: (-one[1], one[0]))


def names_of_appeal(appeal: Appeal) -> QuerySet[Support]:
    """Who ticked that their name is shown, of all versions; those whose name is hidden first."""
    rows = Support.objects.filter(appeal=appeal, state=SupportState.COUNTED, is_listed=True)
    return rows.exclude(name="").order_by("-is_name_hidden", "uuid")


def named_for_hand_over(version: AppealVersion) -> QuerySet[Support]:
    """Who ticked that their name is handed over, and is counted."""
    rows = Support.objects.filter(version=version, state=SupportState.COUNTED, in_hand_over=True)
    return rows.exclude(name="")


def named_in(hand_over: HandOver) -> QuerySet[Support]:
    """Whose names are in the files of a hand-over and may still be handed over."""
    rows = hand_over.supports.filter(state=SupportState.COUNTED, in_hand_over=True)
    return rows.exclude(name="")
