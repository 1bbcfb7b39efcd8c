"""Reminders of loan returns, and retention of personal data of lenders."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from coalition.core.clock import now
from coalition.core.retention import days_ago, empty_in_batches
from coalition.jobs import scheduler
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.queries import seats_in
from events.core.permissions import PLANNING_ROLES
from events.core.queries import is_cancelled_since, is_over_since
from events.exhibitions.works.models import ConditionReport, Loan, MakerNaming, Screening, Work

REMIND_OF_RETURN = "events.remind_of_return"
REMIND_AT = datetime.time(9)
REMINDER_STAGES_DAYS = (14, 3, 0, -1)  # days before the return; the last one: overdue
DAYS_KEPT = 365
DAY = datetime.timedelta(days=1)


def reminder_keys(work: UUID) -> list[str]:
    """Return the keys of the return reminders, one per stage."""
    return [f"{work}:{stage}" for stage in REMINDER_STAGES_DAYS]


def plan_reminders(loan: Loan) -> None:
    """Schedule reminders at nine in the morning, local to the event; skip past stages and returned works."""
    event = loan.work.exhibition.event
    for stage, key in zip(REMINDER_STAGES_DAYS, reminder_keys(loan.work.uuid), strict=True):
        back = loan.return_on
        if back is not None and loan.returned_on is None:
            at = datetime.datetime.combine(back - stage * DAY, REMIND_AT, tzinfo=event.zone_info)
            if at > now():
                scheduler.schedule(
                    kind=REMIND_OF_RETURN, key=key, due_at=at, payload={"on": back.isoformat()}
                )
                continue
        scheduler.cancel(kind=REMIND_OF_RETURN, key=key)


def remind_of_return(key: str, payload: dict[str, Any]) -> None:
    """Notify the event's organisers that a return is due soon or overdue."""
    uuid, _colon, stage = key.partition(":")
    loans = Loan.objects.select_related("work__exhibition__event__workspace")
    loan = loans.filter(work__uuid=uuid, work__removed_at=None, returned_on=None).first()
    if loan is None or loan.return_on is None or loan.return_on.isoformat() != payload["on"]:
        return
    event = loan.work.exhibition.event
    planners = seats_in(event.workspace).filter(role__in=PLANNING_ROLES)
    with transaction.atomic():
        notify(
            people=[seat.person for seat in planners],
            kind="return_overdue" if int(stage) < 0 else "return_due",
            workspace=event.workspace,
            actor=None,
            organisation=event.organisation,
            subject_kind="event",
            subject=event.uuid,
            restricted_to=event.restricted_to.all() if event.restricted else None,
            once=f"return:{uuid}:{payload['on']}:{stage}",
        )


def forget_lenders() -> int:
    """Erase outsiders a year after the return or, without a return date, after the event: lenders,
    signatories of condition reports, unnamed makers, rights holders, support people at a screening.
    Return the number of rows."""
    back = Q(returned_on__lt=localdate(now()) - DAYS_KEPT * DAY)
    # Works of an event without an end may still be on display, and returning them needs the address.
    hung = Q(work__exhibition__event__lasts_until__lt=days_ago(DAYS_KEPT))
    hung |= is_cancelled_since(DAYS_KEPT, "work__exhibition__event__")
    loans = Loan.objects.filter(back | (Q(return_on=None) & hung))
    reports = ConditionReport.objects.filter(work__in=list(loans.values_list("work", flat=True)))
    works = Work.objects.filter(_is_over("exhibition__event__"))
    unnamed = works.exclude(naming=MakerNaming.NAME)
    films = Screening.objects.filter(_is_over("event__"))
    return (
        _clear_fields(reports, "seen_by", "handed_by", "taken_by")
        + _clear_fields(loans, "lender", "address", "phone", "note")
        + _clear_fields(works, "show_from", "rights_note")
        + _clear_fields(unnamed, "maker")
        + _clear_fields(films, "support", "support_phone", "rights_holder")
    )


def _is_over(event: str) -> Q:
    """Return the condition that the event is over; without an end, its last change counts."""
    return is_over_since(DAYS_KEPT, event, f"{event}changed_at")


def _clear_fields(rows: "QuerySet[Any]", *names: str) -> int:
    nothing = dict.fromkeys(names, "")
    return empty_in_batches(rows.exclude(**nothing), **nothing)
