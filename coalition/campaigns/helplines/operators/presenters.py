"""The operators' page: how the line stands, and other lines to refer to."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from coalition.campaigns.helplines.contact import Channel
from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.health import operator_state
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.opening import open_state, state_in_words
from coalition.campaigns.helplines.operators.queries import Referral
from coalition.campaigns.helplines.presenters import HelplineView, helpline_views
from coalition.jobs.date_formats import moment_with_time_zone

BUTTONS: Final = (Availability.OPEN, Availability.OVERLOADED, Availability.CLOSED)


@dataclass(frozen=True)
class StateButton:
    """One of the three buttons. `is_pressed`: this is what was said last, if it still holds."""

    value: str
    label: str
    is_pressed: bool


@dataclass(frozen=True)
class LineNow:
    """How a line stands. `words`: what the public reads; `until`: when what was said ends, "" if nothing."""

    words: str
    until: str
    buttons: list[StateButton]


def line_now(helpline: Helpline, entry: HelplineEntry | None, at: datetime.datetime) -> LineNow:
    """Return how a line stands at an aware moment."""
    availability = operator_state(helpline, at)
    until = (
        moment_with_time_zone(helpline.available_until) if availability and helpline.available_until else ""
    )
    current = availability or Availability.OPEN
    return LineNow(
        words=state_in_words(open_state(helpline, entry, at), at) if entry is not None else "",
        until=until,
        buttons=[StateButton(one.value, str(one.label), one == current) for one in BUTTONS],
    )


@dataclass(frozen=True)
class ReferralLine:
    """Another line, as an operator reads it out."""

    name: str
    state: str
    summary: str
    channels: list[Channel]


@dataclass(frozen=True)
class ReferralGroup:
    """Other lines of one region. `region` of those of the whole country says so."""

    region: str
    lines: list[ReferralLine]


def referral_groups(found: list[Referral], at: datetime.datetime) -> list[ReferralGroup]:
    """Return the lines to refer to in words, in each group in the order of the public page."""
    return [
        ReferralGroup(
            one.region or _("All of Kazakhstan"),
            [_referral_line(view) for view in helpline_views(one.entries, at)],
        )
        for one in found
    ]


def _referral_line(view: HelplineView) -> ReferralLine:
    return ReferralLine(str(view.name), view.state_words, str(view.entry.summary), view.channels)
