"""What a use is flagged for, worked out whenever it is shown. No queries on rows read `with_lines`."""

import datetime
from typing import Final

from django.utils import timezone

from coalition.campaigns.helplines.health import (
    HIDE_AFTER_DAYS,
    HelplineProblem,
    days_since_check,
    problem_of,
)
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.opening import state_by_hours
from coalition.campaigns.helplines.uses.channels import channels_changed
from coalition.campaigns.helplines.uses.enums import Staffed, UseFlag, UseKind
from coalition.campaigns.helplines.uses.models import HelplineUse

CONFIRM_BEFORE_HOURS: Final = 48
CONFIRM_BEFORE: Final = datetime.timedelta(hours=CONFIRM_BEFORE_HOURS)

FLAG_OF_PROBLEM: Final = {
    HelplineProblem.RETIRED: UseFlag.RETIRED,
    HelplineProblem.UNPUBLISHED: UseFlag.UNPUBLISHED,
    HelplineProblem.SUSPENDED: UseFlag.SUSPENDED,
    HelplineProblem.LICENCE_ENDED: UseFlag.LICENCE_ENDED,
    HelplineProblem.CLOSED_BY_OPERATOR: UseFlag.CLOSED,
    HelplineProblem.OVERLOADED: UseFlag.OVERLOADED,
    HelplineProblem.OVERDUE: UseFlag.OVERDUE,
}


def flags_of(use: HelplineUse, at: datetime.datetime) -> list[UseFlag]:
    """Return everything that a use is flagged for at an aware moment, the worst first; [] once it is over.

    An answer is missed from `CONFIRM_BEFORE` the start on. Hours count for a clip as long as the line
    has not answered: people call when it airs.
    """
    if use.is_over(at):
        return []
    entry = use.entry
    found = {flag for flag in (line_flag(use.helpline, entry, at), _staffing_flag(use, at)) if flag}
    if entry is not None and channels_changed(use.channels, entry):
        found.add(UseFlag.CHANGED)
    if entry is not None and _airs_out_of_hours(use, entry, at):
        found.add(UseFlag.OUT_OF_HOURS)
    return [flag for flag in UseFlag if flag in found]


def line_flag(helpline: Helpline, entry: HelplineEntry | None, at: datetime.datetime) -> UseFlag | None:
    """Return what is wrong with the line itself. `entry`: the published one, if any."""
    problem = problem_of(helpline, entry, at)
    flag = FLAG_OF_PROBLEM[problem] if problem is not None else None
    return UseFlag.HIDDEN if flag == UseFlag.OVERDUE and is_hidden(helpline, at) else flag


def _staffing_flag(use: HelplineUse, at: datetime.datetime) -> UseFlag | None:
    if use.asked_at is None:
        return None
    if use.staffing is not None and use.staffing.answer == Staffed.NO:
        return UseFlag.DECLINED
    is_missed = not use.is_confirmed(at) and use.starts_at - at <= CONFIRM_BEFORE
    return UseFlag.NOT_CONFIRMED if is_missed else None


def _airs_out_of_hours(use: HelplineUse, entry: HelplineEntry, at: datetime.datetime) -> bool:
    if use.kind != UseKind.CLIP or use.starts_at <= at or use.staffing is not None:
        return False
    return not state_by_hours(entry, use.starts_at).is_open


def is_hidden(helpline: Helpline, at: datetime.datetime) -> bool:
    """Whether the last check lies so far behind that the public does not see the line."""
    days = days_since_check(helpline, timezone.localdate(at))
    return days is None or days > HIDE_AFTER_DAYS
