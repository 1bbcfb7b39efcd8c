"""Whether a helpline can be relied on: the one place for its rule. Pure, but for the coalition's day."""

import datetime
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.helplines.enums import Availability, EntryState
from coalition.campaigns.helplines.models.entry import Helpline, HelplineEntry

WARN_AFTER_DAYS: Final = 30  # since somebody last called: pages warn, the leaflet leaves the line out
HIDE_AFTER_DAYS: Final = 90  # the public page hides it


class HelplineProblem(models.TextChoices):
    """What keeps a line from being relied on, the gravest first."""

    RETIRED = "retired", _("Taken out of use")
    UNPUBLISHED = "unpublished", _("Not published")
    SUSPENDED = "suspended", _("Hidden from the public for now")
    LICENCE_ENDED = "licence_ended", _("The licence has ended")
    OVERDUE = "overdue", _("The check is overdue")
    CLOSED_BY_OPERATOR = "closed_by_operator", _("Closed by its operator for now")
    OVERLOADED = "overloaded", _("Overloaded for now")


def problem_of(
    helpline: Helpline, entry: HelplineEntry | None, at: datetime.datetime
) -> HelplineProblem | None:
    """Return the gravest problem of a line at an aware moment, or None.

    `entry`: its published entry, None if it has none. Closed outside its hours is no problem.
    """
    if helpline.retired_at is not None:
        return HelplineProblem.RETIRED
    if entry is None or entry.state != EntryState.PUBLISHED:
        return HelplineProblem.UNPUBLISHED
    if not may_be_shown(helpline, entry):
        return HelplineProblem.SUSPENDED
    day = timezone.localdate(at)
    if entry.licence_until is not None and entry.licence_until < day:
        return HelplineProblem.LICENCE_ENDED
    if is_overdue(helpline, day):
        return HelplineProblem.OVERDUE
    said = operator_state(helpline, at)
    if said == Availability.CLOSED:
        return HelplineProblem.CLOSED_BY_OPERATOR
    return HelplineProblem.OVERLOADED if said == Availability.OVERLOADED else None


def operator_state(helpline: Helpline, at: datetime.datetime) -> Availability | None:
    """Return what an operator said if it still holds at this moment."""
    if not helpline.availability or helpline.available_until is None or helpline.available_until <= at:
        return None
    return Availability(helpline.availability)


def days_since_check(helpline: Helpline, day: datetime.date) -> int | None:
    """Return how many days ago somebody called; None if nobody ever has."""
    return None if helpline.checked_on is None else (day - helpline.checked_on).days


def is_overdue(helpline: Helpline, day: datetime.date) -> bool:
    """Whether nobody has called for more than `WARN_AFTER_DAYS`, or ever."""
    days = days_since_check(helpline, day)
    return days is None or days > WARN_AFTER_DAYS


def may_be_shown(helpline: Helpline, entry: HelplineEntry) -> bool:
    """Whether nobody hid the line, and its organisation is neither frozen nor gone."""
    return helpline.suspended_at is None and entry.is_answered_for


def is_public(helpline: Helpline, entry: HelplineEntry | None, at: datetime.datetime) -> bool:
    """Whether the public page shows the line. `public_entries` says the same of rows."""
    day = timezone.localdate(at)
    days = days_since_check(helpline, day)
    return (
        helpline.retired_at is None
        and entry is not None
        and entry.state == EntryState.PUBLISHED
        and may_be_shown(helpline, entry)
        and (entry.licence_until is None or entry.licence_until >= day)
        and days is not None
        and days <= HIDE_AFTER_DAYS
    )


def public_entries(at: datetime.datetime) -> Q:
    """Return the condition on `HelplineEntry` under which the public page shows it: as `is_public`."""
    day = timezone.localdate(at)
    return Q(
        Q(licence_until=None) | Q(licence_until__gte=day),
        state=EntryState.PUBLISHED,
        helpline__retired_at=None,
        helpline__suspended_at=None,
        has_active_organisation=True,
        helpline__checked_on__gte=day - datetime.timedelta(days=HIDE_AFTER_DAYS),
    )
