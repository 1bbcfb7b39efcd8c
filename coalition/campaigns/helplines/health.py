"""What is wrong with a line at a moment: one rule for the desk, the public page and what uses it."""

import datetime
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.models import Helpline, HelplineEntry

WARN_AFTER_DAYS: Final = 30  # since the last check
HIDE_AFTER_DAYS: Final = 90


class HelplineProblem(models.TextChoices):
    """The worst comes first."""

    RETIRED = "retired", _("Out of service")
    UNPUBLISHED = "unpublished", _("Not published")
    LICENCE_ENDED = "licence_ended", _("The licence has ended")
    CLOSED_BY_OPERATOR = "closed", _("Closed now, its operators say")
    OVERLOADED = "overloaded", _("Overloaded now, its operators say")
    OVERDUE = "overdue", _("Its check is overdue")


def problem_of(
    helpline: Helpline, entry: HelplineEntry | None, at: datetime.datetime
) -> HelplineProblem | None:
    """Return the worst problem of a line at an aware moment; None if there is none.

    `entry`: the published one, if any.
    """
    today = timezone.localdate(at)
    if helpline.retired_at is not None and helpline.retired_at <= at:
        return HelplineProblem.RETIRED
    if entry is None:
        return HelplineProblem.UNPUBLISHED
    if entry.licence_until is not None and entry.licence_until < today:
        return HelplineProblem.LICENCE_ENDED
    if helpline.available_until is not None and helpline.available_until > at:
        if helpline.availability == Availability.CLOSED:
            return HelplineProblem.CLOSED_BY_OPERATOR
        if helpline.availability == Availability.OVERLOADED:
            return HelplineProblem.OVERLOADED
    if helpline.checked_on is None or (today - helpline.checked_on).days > WARN_AFTER_DAYS:
        return HelplineProblem.OVERDUE
    return None
