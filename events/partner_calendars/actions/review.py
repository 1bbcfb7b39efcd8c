"""Deciding about the events of a partner's calendar: nothing shows before somebody looked."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from coalition.core.clock import now
from coalition.workspaces.rules import Access
from documents.drafts.permissions import require_that
from events.core.enums import IntakeState
from events.partner_calendars.actions.add import record
from events.partner_calendars.models import PartnerCalendar, PartnerEvent
from events.partner_calendars.permissions import may_bring_in


def show_events(*, access: Access, calendar: PartnerCalendar, events: Collection[UUID] | None = None) -> int:
    """Show waiting events in months and conflicts; None: all that wait. Returns how many."""
    return _decide(access, calendar, events, IntakeState.SHOWN)


def leave_out_events(
    *, access: Access, calendar: PartnerCalendar, events: Collection[UUID] | None = None
) -> int:
    """Do not show waiting events. Returns how many."""
    return _decide(access, calendar, events, IntakeState.DISMISSED)


def take_decision_back(*, access: Access, calendar: PartnerCalendar) -> int:
    """What the person decided last about this calendar waits again. Returns how many."""
    with transaction.atomic():
        require_that(may_bring_in(access))
        decided = PartnerEvent.objects.filter(
            calendar=calendar,
            decided_by=access.user,
            state__in=[IntakeState.SHOWN, IntakeState.DISMISSED],
        )
        last = decided.order_by("-decided_at").values_list("decided_at", flat=True).first()
        count = decided.filter(decided_at=last).update(
            state=IntakeState.WAITING, decided_by=None, decided_at=None
        )
        if count:
            record(access, calendar, "decision_taken_back", count=count)
    return count


def _decide(
    access: Access, calendar: PartnerCalendar, events: Collection[UUID] | None, state: IntakeState
) -> int:
    with transaction.atomic():
        require_that(may_bring_in(access))
        waiting = PartnerEvent.objects.filter(calendar=calendar, state=IntakeState.WAITING)
        if events is not None:
            waiting = waiting.filter(uuid__in=events)
        count = waiting.update(state=state, decided_by=access.user, decided_at=now())
        if count:
            record(access, calendar, state.value, count=count)
    return count
