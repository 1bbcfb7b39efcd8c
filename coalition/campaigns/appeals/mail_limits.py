"""How many mails about an appeal a mailbox gets, whoever types its address and whatever is deleted."""

import datetime
from typing import Final

from django.utils.timezone import localdate

from coalition.applicants.forms import mailbox_print, mailbox_prints, owner_print, owner_prints
from coalition.campaigns.appeals.models import Appeal, Support, SupportMailLimit
from coalition.core.clock import now
from coalition.core.retention import delete_in_batches
from coalition.core.throttling import LINKS_A_DAY

MAILS_A_WEEK: Final = 5
WEEK: Final = datetime.timedelta(days=7)


def may_be_mailed(appeal: Appeal, address: str) -> bool:
    """Count one more mail to the mailbox; whether it may leave: not after LINKS_A_DAY of a day and
    MAILS_A_WEEK of a week, nor if its owner wants none.

    In the caller's transaction, with the row locked. The same statements in any case: an INSERT, a SELECT, an
    UPDATE.
    """
    own, stopped = mailbox_print(address), set(owner_prints(address))
    row, others = _locked(appeal, own, {*mailbox_prints(address), *stopped})
    today = localdate(now())
    if today - row.week_began >= WEEK:
        row.week_began, row.mails_of_week = today, 0
    if row.day != today:
        row.day, row.mails_of_day = today, 0
    is_stopped = any(one.is_stopped and one.address_print in stopped for one in [row, *others])
    goes = not is_stopped and row.mails_of_day < LINKS_A_DAY and row.mails_of_week < MAILS_A_WEEK
    row.mails_of_day += goes
    row.mails_of_week += goes
    row.save(update_fields=["day", "mails_of_day", "week_began", "mails_of_week"])
    return goes


def stop_mails_to(appeal: Appeal, address: str) -> None:
    """Note that the owner of this address wants no mail about the appeal, ever. In the caller's
    transaction."""
    row, _others = _locked(appeal, owner_print(address), set())
    row.is_stopped = True
    row.save(update_fields=["is_stopped"])


def forget_mails_to(support: Support) -> None:
    """Forget how many mails the owner of this support was written, unless they want none. In the caller's
    transaction; only for somebody who has proved that the mailbox is theirs, else it lifts the limit."""
    prints = {support.address_print, support.owner_print}
    SupportMailLimit.objects.filter(
        appeal=support.appeal_id, address_print__in=prints, is_stopped=False
    ).delete()


def forget_mail_limits() -> int:
    """Delete what is a week old, unless the owner wants no mail. Returns how many."""
    today = localdate(now())
    return delete_in_batches(SupportMailLimit.objects.filter(is_stopped=False, week_began__lt=today - WEEK))


def _locked(appeal: Appeal, own: str, prints: set[str]) -> tuple[SupportMailLimit, list[SupportMailLimit]]:
    """Return the row of one print, made if there is none, and those of the other prints, all locked."""
    today = localdate(now())
    rows = SupportMailLimit.objects.select_for_update().filter(
        appeal=appeal, address_print__in={own, *prints}
    )
    while True:  # retention may delete the row between the two statements
        SupportMailLimit.objects.bulk_create(
            [SupportMailLimit(appeal=appeal, address_print=own, day=today, week_began=today)],
            ignore_conflicts=True,
        )
        found = {row.address_print: row for row in rows.order_by("pk")}
        if (row := found.pop(own, None)) is not None:
            return row, list(found.values())
