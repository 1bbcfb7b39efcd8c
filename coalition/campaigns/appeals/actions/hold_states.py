"""What a decision on a hold does with its rows."""

from django.db import transaction
from django.db.models import QuerySet

from coalition.campaigns.appeals.actions.confirm import erase_address
from coalition.campaigns.appeals.counting import change_of
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.models import Hold, Support, SupportChange

AT_ONCE = 500  # rows in one batch
_FROM = {
    True: (SupportState.HELD, SupportState.SET_ASIDE),
    False: (SupportState.HELD, SupportState.COUNTED),
}


def set_states(*, hold: Hold, counted: bool) -> int:
    """Count the rows of a hold (`counted`), or set them aside, with the totals. Reversible. Returns how many
    rows moved.

    In the caller's transaction, who has the hold locked. Who has not confirmed yet stays so: their
    confirmation asks the hold's state. Addresses of counted rows are erased unless the person agreed to be
    contacted; those of rows that were set aside by `retention`.
    """
    moved = 0
    with transaction.atomic():
        while rows := list(_movable(hold, counted=counted)[:AT_ONCE]):
            state = SupportState.COUNTED if counted else SupportState.SET_ASIDE
            changes = [change_of(row, 1 if counted else -1) for row in rows if _changes_totals(row, counted)]
            SupportChange.objects.bulk_create(changes)
            Support.objects.filter(pk__in=[row.pk for row in rows]).update(state=state)
            if counted:
                for row in rows:
                    row.state = state
                    erase_address(row)
            moved += len(rows)
    return moved


def _movable(hold: Hold, *, counted: bool) -> QuerySet[Support]:
    rows = Support.objects.select_for_update().filter(hold=hold, state__in=_FROM[counted])
    return rows.order_by("pk")


def _changes_totals(row: Support, counted: bool) -> bool:
    return counted or row.state == SupportState.COUNTED
