"""The same for supporters of appeals. Their rows know days and no moments."""

import datetime
import math

from django.utils.timezone import localdate

from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.models import Appeal, Hold, PlaceKey, Support, SupportMailLimit, SupportSignal
from coalition.core.clock import now
from tests.filled import filled
from tests.home.ageing import Case, days, gone, without


def day_of(age: datetime.timedelta) -> datetime.date:
    """The day that lies whole days back, begun ones counted."""
    return localdate(now()) - datetime.timedelta(days=math.ceil(age / days(1)))


def support_of(appeal: Appeal) -> Support:
    return filled(Support, appeal=appeal, state=SupportState.COUNTED)


def set_aside(age: datetime.timedelta) -> Support:
    hold = filled(Hold, state=HoldState.SET_ASIDE, decided_at=now() - age)
    return filled(Support, hold=hold, state=SupportState.SET_ASIDE, address="aru@tests.example")


CASES: list[Case] = [
    (
        "campaigns.forget_unconfirmed_supports",
        "",
        days(7),
        lambda age: filled(Support, state=SupportState.UNCONFIRMED, day=day_of(age)),
        gone,
    ),
    ("campaigns.erase_supporters_addresses", "set aside", days(30), set_aside, without("address")),
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
