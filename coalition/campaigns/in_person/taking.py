"""Whether a table takes support now, and until when its phones may send what they counted."""

import datetime
from typing import Final

from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_queries import closed_reason, newest_version
from coalition.campaigns.appeals.refusals import CLOSED_WORDS
from coalition.campaigns.in_person.counting.queries import is_settled
from coalition.campaigns.in_person.models import Table
from coalition.core.clock import now
from coalition.core.errors import Refused

LATE: Final = datetime.timedelta(hours=72)  # within it, phones that were offline send what they counted
DAY: Final = datetime.timedelta(days=1)
SETTLED: Final = _("This table is counted by two people already. Tell your organisation what is missing.")
TABLE_AWAY: Final = _("This table takes no support now.")


def refuse_over(table: Table) -> None:
    """Raise Refused unless the table is open. One that nobody closed ends with the day after its own."""
    if table.cancelled_at is not None:
        raise Refused(_("This table was cancelled."))
    if table.closed_at is not None:
        raise Refused(_("This table is closed: it takes no more support."))
    if table.opened_at is None:
        raise Refused(_("This table is not open yet."))
    if localdate(now()) > table.day + DAY:
        raise Refused(_("The day of this table is past: it takes no more support. Close it and count."))


def refuse_appeal(table: Table, current: AppealVersion | None = None) -> AppealVersion:
    """Return the words that are supported at the table, if its appeal takes support for them.

    `current`: the appeal's newest words, if they are known. Raises Refused, also if it has other words
    by now.
    """
    current = current or newest_version(table.appeal_id)
    if current is None:
        raise Refused(CLOSED_WORDS["over"])
    reason = closed_reason(current, localdate(now()))
    if reason:
        raise Refused(CLOSED_WORDS[reason])
    if current.pk != table.version_id:
        raise Refused(_("The words of the appeal are others now. Close this table and open another one."))
    return current


def refuse_taps(table: Table) -> bool:
    """Return whether taps that arrive now are late; raise Refused if they are not taken any more."""
    if table.cancelled_at is not None or table.opened_at is None:
        refuse_over(table)
    if table.closed_at is not None and is_settled(table):
        raise Refused(
            _("This table is counted by two people already. Tell your organisation what is missing.")
        )
    ended = _ended_at(table)
    if now() > ended + LATE:
        raise Refused(_("More than 72 hours have passed: tell your organisation what this phone counted."))
    return table.closed_at is not None or now() > ended or _appeal_ended(table)


def _ended_at(table: Table) -> datetime.datetime:
    """When it was closed, or the end of the day after its own."""
    if table.closed_at is not None:
        return table.closed_at
    midnight = datetime.datetime.combine(table.day + 2 * DAY, datetime.time.min)
    return midnight.replace(tzinfo=get_default_timezone())


def _appeal_ended(table: Table) -> bool:
    try:
        refuse_appeal(table)
    except Refused:
        return True
    return False
