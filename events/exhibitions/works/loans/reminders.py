"""Reminding of works that go back, and forgetting who lent them."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from coalition.accounts.models import User
from coalition.core.clock import now
from coalition.core.retention import days_ago, empty_in_batches
from coalition.jobs import scheduler
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.queries import seats_in
from events.core.models import Event
from events.core.queries import is_cancelled_since, is_over_since
from events.exhibitions.works.enums import MakerNaming
from events.exhibitions.works.loans.models import ConditionReport, Loan
from events.exhibitions.works.models import Work
from events.exhibitions.works.screenings.models import Screening

REMIND = "events.remind_of_return"
REMIND_AT = datetime.time(9)
STAGES = (14, 3, 0, -1)  # days before a work goes back; the last: it is overdue
DAYS_KEPT = 365
PLANNING_ROLES = [role for role in SeatRole if Right.PLAN in RIGHTS[role]]
DAY = datetime.timedelta(days=1)


def reminder_keys(work: UUID) -> list[str]:
    """The keys under which the return of a work is reminded of, one a stage."""
    return [f"{work}:{stage}" for stage in STAGES]


def plan_reminders(loan: Loan) -> None:
    """At nine in the morning where the event is; what lies behind, and what went back, is not reminded of."""
    event = loan.work.exhibition.event
    for stage, key in zip(STAGES, reminder_keys(loan.work.uuid), strict=True):
        back = loan.return_on
        if back is not None and loan.returned_on is None:
            at = datetime.datetime.combine(back - stage * DAY, REMIND_AT, tzinfo=event.zone_info)
            if at > now():
                scheduler.schedule(kind=REMIND, key=key, due_at=at, payload={"on": back.isoformat()})
                continue
        scheduler.cancel(kind=REMIND, key=key)


def remind(key: str, payload: dict[str, Any]) -> None:
    """Tell who plans the event that a work goes back soon, or should have."""
    uuid, _colon, stage = key.partition(":")
    loans = Loan.objects.select_related("work__exhibition__event__workspace")
    loan = loans.filter(work__uuid=uuid, work__removed_at=None, returned_on=None).first()
    if loan is None or loan.return_on is None or loan.return_on.isoformat() != payload["on"]:
        return
    event = loan.work.exhibition.event
    with transaction.atomic():
        notify(
            people=_planners(event),
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
    """Forget people of outside a year after the work went back or, without a day, after the event: lenders,
    who looked at a work, makers who are not named, who gave rights, who supports at a screening. Returns how
    many rows."""
    back = Q(returned_on__lt=now().date() - DAYS_KEPT * DAY)
    # Where an event has no end its works may still hang, and whoever gives them back needs the address.
    hung = Q(work__exhibition__event__lasts_until__lt=days_ago(DAYS_KEPT))
    hung |= is_cancelled_since(DAYS_KEPT, "work__exhibition__event__")
    loans = Loan.objects.filter(back | (Q(return_on=None) & hung))
    reports = ConditionReport.objects.filter(work__in=list(loans.values_list("work", flat=True)))
    works = Work.objects.filter(_is_over("exhibition__event__"))
    unnamed = works.exclude(naming=MakerNaming.NAME)
    films = Screening.objects.filter(_is_over("event__"))
    return (
        _emptied(reports, "seen_by", "handed_by", "taken_by")
        + _emptied(loans, "lender", "address", "phone", "note")
        + _emptied(works, "show_from", "rights_note")
        + _emptied(unnamed, "maker")
        + _emptied(films, "support", "support_phone", "rights_holder")
    )


def _is_over(event: str) -> Q:
    """Works have no moment of their own: without end, as long as somebody changes the event."""
    return is_over_since(DAYS_KEPT, event, f"{event}changed_at")


def _emptied(rows: "QuerySet[Any]", *names: str) -> int:
    nothing = dict.fromkeys(names, "")
    return empty_in_batches(rows.exclude(**nothing), **nothing)


def _planners(event: Event) -> list[User]:
    return [seat.person for seat in seats_in(event.workspace).filter(role__in=PLANNING_ROLES)]
