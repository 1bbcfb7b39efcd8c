"""The same for appeals, with their supporters, and helplines. Many of their rows know days and no moments."""

import datetime
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from coalition.accounts.models import User
from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.helplines.figures.months import oldest_month, shifted
from coalition.campaigns.models import (
    Appeal,
    Body,
    CardCount,
    CardDelivery,
    CardDesign,
    CardMove,
    Commitment,
    FigureAgreement,
    FigurePublication,
    HandOver,
    HelplineCheck,
    HelplineEntry,
    HelplineUse,
    HelpMonth,
    Hold,
    PackageLink,
    PlaceKey,
    ScreeningRequest,
    SheetRun,
    Support,
    SupportMailLimit,
    SupportSignal,
    Table,
    TableCode,
    Tally,
    TallyCount,
)
from coalition.campaigns.screenings.enums import ScreeningState
from coalition.core.clock import now
from tests.filled import filled
from tests.home.aged_impact import CASES as IMPACT
from tests.home.aged_notices import CASES as NOTICES
from tests.home.aged_packages import CASES as PACKAGES
from tests.home.ageing import LONG, Case, day_of, days, gone, without

THREE_YEARS = days(36 * 30.44)


def support_of(appeal: Appeal) -> Support:
    return filled(Support, appeal=appeal, state=SupportState.COUNTED)


def of_ended_appeal(age: datetime.timedelta) -> Support:
    appeal = filled(Appeal, opened_at=now() - LONG, closes_on=day_of(age) - days(1))
    prints = {"address_print": "x", "owner_print": "y"}
    return filled(Support, appeal=appeal, state=SupportState.COUNTED, address="", **prints)


def set_aside(age: datetime.timedelta) -> Support:
    hold = filled(Hold, state=HoldState.SET_ASIDE, decided_at=now() - age)
    return filled(Support, hold=hold, state=SupportState.SET_ASIDE, address="aru@tests.example")


def handed_over(age: datetime.timedelta) -> HandOver:
    appeal = filled(Appeal, opened_at=now(), personal_data_until=day_of(age))
    row = filled(HandOver, appeal=appeal)
    for one in (row.pdf, row.csv):
        one.save("names", ContentFile(b"Aru"))
    return row


def called(age: datetime.timedelta) -> HelplineCheck:
    """A check of the last day that still counts, or of the day before it."""
    day = localdate(now() - LONG) - datetime.timedelta(days=age > LONG)
    return filled(HelplineCheck, day=day, person=filled(User))


def counted(age: datetime.timedelta) -> HelpMonth:
    """Figures of the last month that is still stored, or of the month before it."""
    return filled(HelpMonth, month=shifted(oldest_month(), -1 if age > THREE_YEARS else 0))


HELPLINES: list[Case] = [
    ("campaigns.help_months", "", THREE_YEARS, counted, gone),
    (
        "campaigns.helpline_availability",
        "",
        days(30),
        lambda age: filled(AuditEntry, at=now() - age, action="helpline.availability"),
        gone,
    ),
    (
        "campaigns.helpline_people",
        "author",
        LONG,
        lambda age: filled(HelplineEntry, written_at=now() - age, written_by=filled(User)),
        without("written_by"),
    ),
    (
        "campaigns.helpline_people",
        "reviewer",
        LONG,
        lambda age: filled(HelplineEntry, reviewed_at=now() - age, reviewed_by=filled(User)),
        without("reviewed_by"),
    ),
    ("campaigns.helpline_people", "caller", LONG, called, without("person")),
    (
        "campaigns.figure_people",
        "who proposed",
        LONG,
        lambda age: filled(FigurePublication, proposed_at=now() - age, proposed_by=filled(User)),
        without("proposed_by"),
    ),
    (
        "campaigns.figure_people",
        "who answered",
        LONG,
        lambda age: filled(FigureAgreement, answered_at=now() - age, person=filled(User)),
        without("person"),
    ),
    (
        "campaigns.forget_helpline_uses",
        "taken out of use",
        days(365),
        lambda age: filled(HelplineUse, ended_at=now() - age),
        gone,
    ),
    (
        "campaigns.forget_helpline_uses",
        "over",
        days(365),
        lambda age: filled(HelplineUse, ends_on=day_of(age)),
        gone,
    ),
    (
        "campaigns.forget_helpline_uses",
        "planner",
        LONG,
        lambda age: filled(HelplineUse, made_at=now() - age, made_by=filled(User)),
        without("made_by"),
    ),
]


def _acting(
    rule: str, model: Any, person: str, moment: str, needs: Callable[[], dict[str, Any]] = dict
) -> list[Case]:
    """Somebody who did something so long ago, named in the field `person`. `needs`: values without which
    there is no such row."""

    def made(age: datetime.timedelta) -> Any:
        return filled(model, **{moment: now() - age, person: filled(User), **needs()})

    return [(rule, f"{model.__name__}.{person}", LONG, made, without(person))]


TABLES: list[Case] = [
    (
        "campaigns.forget_table_codes",
        "",
        days(1),
        lambda age: filled(TableCode, expires_at=now() - age),
        gone,
    ),
    (
        "campaigns.forget_table_permissions",
        "permission",
        days(365),
        lambda age: filled(Table, day=day_of(age), permission_by="Library", permission_words="Yes"),
        without("permission_by", "permission_words"),
    ),
    (
        "campaigns.forget_table_permissions",
        "who prepared it",
        LONG,
        lambda age: filled(Table, day=localdate(now()), created_at=now() - age, created_by=filled(User)),
        without("created_by"),
    ),
]
PEOPLE: list[Case] = [
    *_acting("campaigns.sheet_printers", SheetRun, "printed_by", "made_at"),
    *_acting(
        "campaigns.tally_counters",
        TallyCount,
        "person",
        "at",
        lambda: {"tally": filled(Tally, table=filled(Table))},
    ),
    *_acting("campaigns.people_of_cards", CardDesign, "created_by", "created_at"),
    *_acting(
        "campaigns.people_of_cards", CardMove, "by", "at", lambda: {"source": "", "destination": "stock"}
    ),
    *_acting("campaigns.people_of_cards", CardDelivery, "by", "at", lambda: {"body": filled(Body)}),
    *_acting("campaigns.people_of_cards", CardCount, "person", "at"),
    *_acting("campaigns.people_of_promises", Commitment, "made_by", "made_at"),
    *_acting("campaigns.people_of_promises", Commitment, "contact", "made_at"),
]
SCREENINGS: list[Case] = [
    (
        "campaigns.forget_screenings",
        "unproved",
        days(7),
        lambda age: filled(
            ScreeningRequest, state=ScreeningState.UNPROVED, day=day_of(age), on=day_of(-days(30))
        ),
        gone,
    ),
    (
        "campaigns.forget_screenings",
        "over",
        days(183),
        lambda age: filled(ScreeningRequest, state=ScreeningState.DONE, on=day_of(age)),
        gone,
    ),
    (
        "campaigns.forget_screenings",
        "who answered",
        LONG,
        lambda age: filled(
            ScreeningRequest,
            state=ScreeningState.ACCEPTED,
            on=day_of(-days(30)),
            answered_at=now() - age,
            answered_by=filled(User),
        ),
        without("answered_by"),
    ),
]
OUTLETS: list[Case] = [
    (
        "campaigns.forget_outlets",
        "ended by somebody",
        days(730),
        lambda age: filled(PackageLink, ended_at=now() - age, ends_at=now(), outlet="Oral TV", made_at=now()),
        without("outlet", "address", "contact"),
    ),
    (
        "campaigns.forget_outlets",
        "ended by itself",
        days(730),
        lambda age: filled(PackageLink, ended_at=None, ends_at=now() - age, outlet="Oral TV", made_at=now()),
        without("outlet", "address", "contact"),
    ),
    (
        "campaigns.forget_outlets",
        "who gave it",
        LONG,
        lambda age: filled(PackageLink, made_at=now() - age, ends_at=now(), made_by=filled(User)),
        without("made_by"),
    ),
]
CASES: list[Case] = [
    *OUTLETS,
    *HELPLINES,
    *TABLES,
    *PEOPLE,
    *SCREENINGS,
    *NOTICES,
    *PACKAGES,
    *IMPACT,
    ("campaigns.forget_hand_over_files", "", days(0), handed_over, without("pdf", "csv")),
    (
        "campaigns.forget_unconfirmed_supports",
        "",
        days(7),
        lambda age: filled(Support, state=SupportState.UNCONFIRMED, day=day_of(age)),
        gone,
    ),
    ("campaigns.erase_supporters_addresses", "set aside", days(30), set_aside, without("address")),
    (
        "campaigns.erase_supporters_prints",
        "",
        days(7),
        of_ended_appeal,
        without("address_print", "owner_print"),
    ),
    (
        "campaigns.end_supporters_data",
        "",
        days(0),
        lambda age: support_of(filled(Appeal, opened_at=now(), personal_data_until=day_of(age))),
        gone,
    ),
    (
        "campaigns.forget_support_mail_limits",
        "",
        days(7),
        lambda age: filled(SupportMailLimit, week_began=day_of(age)),
        gone,
    ),
    (
        "campaigns.forget_support_signals",
        "signals",
        days(3),
        lambda age: filled(SupportSignal, at=now() - age),
        gone,
    ),
    (
        "campaigns.forget_support_signals",
        "keys",
        days(3),
        lambda age: filled(PlaceKey, day=day_of(age)),
        gone,
    ),
    (
        "campaigns.forget_support_signals",
        "what a hold remembers",
        days(3),
        lambda age: filled(Hold, burst="x", made_at=now() - age),
        without("burst"),
    ),
]
