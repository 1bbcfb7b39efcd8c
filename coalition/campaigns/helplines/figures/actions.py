"""Entering the figures of a month: by an operator's link, or by a member of the line's organisation."""

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.regions import REGIONS
from coalition.audit import log
from coalition.campaigns.helplines.enums import HELPLINE_KIND
from coalition.campaigns.helplines.figures.months import OLDEST_MONTHS, month_key, shifted, this_month
from coalition.campaigns.helplines.figures.permissions import require_entering
from coalition.campaigns.helplines.figures.queries import Counts, Part, counts_of_month, stamp_of_counts
from coalition.campaigns.helplines.models import Helpline, HelpMonth, OperatorLink
from coalition.core.clock import now
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
    """Raise Refused for a month to come, or one too long ago."""
    if month > this_month():
        raise Refused(_("This month is still to come."))
    if month < shifted(this_month(), -OLDEST_MONTHS):
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
    they leave of `total` is kept as not known. `seen`: the stamp (`stamp_of_counts`) of what the form showed.
    Give the `person` at the desk, or the operators' `link`, which the caller has checked. Figures that were
    there go to the audit log.

    Raises NotAllowed; Refused for a month to come or long ago and for counts that cannot be; TotalBelowParts;
    MonthChanged.
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
        _write(helpline, month, before, counts)
        _record(helpline, month, before, counts, person=person, link=link)


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


def _write(helpline: Helpline, month: datetime.date, before: Counts, counts: Counts) -> None:
    rows = HelpMonth.objects.filter(helpline=helpline, month=month)
    for row in rows:
        if counts.get((row.region, row.language)) != row.contacts:
            row.delete()
    moment = now()
    HelpMonth.objects.bulk_create(
        HelpMonth(
            helpline=helpline,
            month=month,
            region=region,
            language=language,
            contacts=count,
            entered_at=moment,
        )
        for (region, language), count in counts.items()
        if before.get((region, language)) != count
    )


def _record(
    helpline: Helpline,
    month: datetime.date,
    before: Counts,
    counts: Counts,
    *,
    person: User | None,
    link: OperatorLink | None,
) -> None:
    detail: dict[str, Any] = {"month": month_key(month)}
    if before:
        changed = sorted(
            part for part in before.keys() | counts.keys() if before.get(part) != counts.get(part)
        )
        detail["changed"] = [[*part, before.get(part), counts.get(part)] for part in changed]
    if link is not None:
        detail["link"] = str(link.uuid)
    log.record(
        "helpline.figures_corrected" if before else "helpline.figures_entered",
        actor=person,
        organisation=helpline.organisation.uuid,
        target_kind=HELPLINE_KIND,
        target=helpline.uuid,
        **detail,
    )
