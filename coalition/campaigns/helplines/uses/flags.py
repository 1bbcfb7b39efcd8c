"""What a use is flagged for, worked out whenever it is shown. No queries on rows read `with_lines`."""

import datetime
from typing import Final

from django.utils import timezone

from coalition.campaigns.helplines.health import HIDE_AFTER_DAYS, HelplineProblem, problem_of
from coalition.campaigns.helplines.models import Helpline
from coalition.campaigns.helplines.uses.channels import channels_changed
from coalition.campaigns.helplines.uses.enums import Staffed, UseFlag
from coalition.campaigns.helplines.uses.models import HelplineUse

CONFIRM_BEFORE_HOURS: Final = 48
CONFIRM_BEFORE: Final = datetime.timedelta(hours=CONFIRM_BEFORE_HOURS)

FLAG_OF_PROBLEM: Final = {
    HelplineProblem.RETIRED: UseFlag.RETIRED,
    HelplineProblem.UNPUBLISHED: UseFlag.UNPUBLISHED,
    HelplineProblem.LICENCE_ENDED: UseFlag.LICENCE_ENDED,
    HelplineProblem.CLOSED_BY_OPERATOR: UseFlag.CLOSED,
    HelplineProblem.OVERLOADED: UseFlag.OVERLOADED,
    HelplineProblem.OVERDUE: UseFlag.OVERDUE,
}


def flags_of(use: HelplineUse, at: datetime.datetime) -> list[UseFlag]:
    """Return everything that a use is flagged for at an aware moment, the worst first; [] once it is over.

    An answer is missed from `CONFIRM_BEFORE` the start on.
    """
    if use.is_over(at):
        return []
    entry = use.entry
    found = set[UseFlag]()
    if (problem := problem_of(use.helpline, entry, at)) is not None:
        found.add(FLAG_OF_PROBLEM[problem])
    if entry is not None and is_hidden(use.helpline, at):
        found = (found - {UseFlag.OVERDUE}) | {UseFlag.HIDDEN}
    if entry is not None and channels_changed(use.channels, entry):
        found.add(UseFlag.CHANGED)
    if use.asked_at is not None:
        if use.staffing is not None and use.staffing.answer == Staffed.NO:
            found.add(UseFlag.DECLINED)
        elif not use.is_confirmed(at) and use.starts_at - at <= CONFIRM_BEFORE:
            found.add(UseFlag.NOT_CONFIRMED)
    return [flag for flag in UseFlag if flag in found]


def flag_of(use: HelplineUse, at: datetime.datetime) -> UseFlag | None:
    """Return the worst of `flags_of`."""
    return next(iter(flags_of(use, at)), None)


def is_hidden(helpline: Helpline, at: datetime.datetime) -> bool:
    """Whether the last check lies so far behind that the public does not see the line."""
    checked = helpline.checked_on
    return checked is None or (timezone.localdate(at) - checked).days > HIDE_AFTER_DAYS
