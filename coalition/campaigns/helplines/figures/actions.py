"""Entering the figures of a month: by an operator's link, or by a member of the line's organisation."""

import datetime
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import REGIONS, User
from coalition.audit import log
from coalition.campaigns.core.days import site_today
from coalition.campaigns.helplines.enums import HELPLINE_KIND
from coalition.campaigns.helplines.figures.months import month_key, oldest_month, this_month
from coalition.campaigns.helplines.figures.permissions import require_entering
from coalition.campaigns.helplines.figures.queries import Counts, Part, counts_of_month, stamp_of_counts
from coalition.campaigns.helplines.models import Helpline, HelpMonth, OperatorLink
from coalition.core.errors import Refused

MOST_CONTACTS: Final = 1_000_000  # of a line in a month: more is a slip


class MonthChanged(Refused):
    """Somebody entered the month since the form was shown."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody entered this month meanwhile. What you wrote is still below: compare it with"
                " theirs, and save again if yours is right."
            )
        )


class TotalBelowParts(Refused):
    """The parts add up to more than the total."""

    def __init__(self, total: int, parts: int) -> None:
        super().__init__(
            _("The total is %(total)d, but its parts are %(parts)d together: it cannot be smaller."),
            total=total,
            parts=parts,
        )


def refuse_month(month: datetime.date) -> None:
    """Raise Refused for a month that is not over, or one too long ago.

    Of the month that runs each change would tell of one contact, and when it was.
    """
    if month >= this_month():
        raise Refused(_("This month is not over yet: its figures are entered once it is."))
    if month < oldest_month():
        raise Refused(_("Figures are entered for the last three years."))


def enter_month(
    *,
    helpline: Helpline,
    month: datetime.date,
    total: int,
    parts: Mapping[Part, int],
    seen: str,
    person: User | None = None,
    link: OperatorLink | None = None,
) -> None:
    """Enter how many contacts a line had in a month, in place of what was entered before.

    `month`: its first day. `parts`: contacts by region and language, either empty where it is not known; what
    they leave of `total` is stored as not known. `seen`: the stamp (`stamp_of_counts`) of what the form
    showed. Give the `person` at the desk, or the operators' `link`, which the caller has checked. The audit
    log tells line and month, and neither numbers nor the link.

    Raises NotAllowed; Refused for a month that is not over or long ago and for counts that cannot be;
    TotalBelowParts; MonthChanged.
    """
    if person is not None:
        require_entering(person, helpline)
    elif link is None or link.helpline_id != helpline.pk:
        raise ValueError("figures are entered by a person or by a link of the line")
    refuse_month(month)
    counts = _complete(total, parts)
    with transaction.atomic():
        Helpline.objects.select_for_update().get(pk=helpline.pk)
        before = counts_of_month(helpline, month)
        if stamp_of_counts(before) != seen:
            raise MonthChanged
        if before == counts:
            return
        _replace_counts(helpline, month, counts)
        log.record_audit(
            "helpline.figures_corrected" if before else "helpline.figures_entered",
            actor=person,
            organisation=helpline.organisation.uuid,
            target_kind=HELPLINE_KIND,
            target=helpline.uuid,
            month=month_key(month),
        )


def _complete(total: int, parts: Mapping[Part, int]) -> Counts:
    """Return the counts with what is left of the total as not known."""
    if any(count < 0 for count in (total, *parts.values())) or total > MOST_CONTACTS:
        raise Refused(_("This number cannot be."))
    if any(region and region not in REGIONS for region, _language in parts):
        raise Refused(_("Choose among the regions of the list."))
    if sum(parts.values()) > total:
        raise TotalBelowParts(total, sum(parts.values()))
    counts: Counts = dict(parts)
    rest = total - sum(parts.values())
    if rest or not counts:
        counts["", ""] = counts.get(("", ""), 0) + rest
    return counts


def _replace_counts(helpline: Helpline, month: datetime.date, counts: Counts) -> None:
    """Store the counts in place of all rows of the month, so that none is older than another."""
    HelpMonth.objects.filter(helpline=helpline, month=month).delete()
    day = site_today()
    HelpMonth.objects.bulk_create(
        HelpMonth(
            helpline=helpline, month=month, region=region, language=language, contacts=count, entered_on=day
        )
        for (region, language), count in sorted(counts.items())
    )
