"""Counting collected cards by two people. Neither sees the other's number before both have counted."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.count_notifications import ask_second_person, notify_of_difference
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.double_count import (
    CountMethod,
    CountResult,
    CountState,
    check_new_count,
    count_result,
    has_two_organisations,
)
from coalition.campaigns.postcards.ledger.actions.moves import (
    MoveDetail,
    lock_batch,
    require_open,
    write_move,
)
from coalition.campaigns.postcards.ledger.enums import MoveKind, Stock
from coalition.campaigns.postcards.ledger.models import CardTally
from coalition.campaigns.postcards.ledger.notifications import count_subject
from coalition.campaigns.postcards.ledger.permissions import (
    ONLY_COUNTERS,
    may_count_cards,
    may_take_back_counts,
)
from coalition.campaigns.postcards.ledger.queries import numbers_of_batches, tally_with_entries
from coalition.campaigns.postcards.ledger.records import record_ledger_action
from coalition.campaigns.postcards.models import Batch
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

TOO_MANY: Final = _(
    "Only %(left)s cards are collected and not counted yet. Enter first which packets were handed back."
)


def count_cards(
    *, access: Access, batch: Batch, number: int, count: int, method: CountMethod = CountMethod.AT_HAND
) -> CardTally:
    """Give one's count of the collected cards. `number`: of the tally that the page showed: the open one, or
    the next one. Once two agree, the cards go to *counted* and nobody changes the number.

    Raises NotAllowed; Refused as `check_new_count` does, for more than was collected, and for a closed batch.
    """
    with transaction.atomic():
        row = lock_batch(access, batch)
        require_that(may_count_cards(access), ONLY_COUNTERS)
        require_open(row)
        tally = _tally(row, number)
        entries = list(tally.entries.all())
        check_new_count(
            entries,
            person=access.user.pk,
            organisation=access.organisation.pk,
            count=count,
            method=method,
            needs_two_organisations=has_two_organisations(access.workspace, row.region),
            at=now(),
        )
        collected = numbers_of_batches([row.pk])[row.pk][Stock.COLLECTED]
        if count > collected:
            raise Refused(TOO_MANY, left=collected)
        replaced = tally.entries.filter(person=access.user, replaced_at=None).update(replaced_at=now())
        made = tally.entries.create(
            organisation=access.organisation,
            person=access.user,
            count=count,
            method=method,
            at=now(),
        )
        record_ledger_action(access, row, "postcard_ledger.counted", tally=tally.number)
        result = _settle(access, row, tally)
        if result.state == CountState.DIFFERENT:
            current = tally.entries.filter(replaced_at=None).select_related("person")
            notify_of_difference(count_subject(row), current, made)
        elif result.state == CountState.WAITING and not replaced:
            ask_second_person(count_subject(row), made)
    return tally


def take_back_count(*, access: Access, batch: Batch, number: int) -> None:
    """Take one's own count back before two agree; coordinators without one those of others, where somebody
    cannot be reached. Twice is one. Raises NotAllowed, and Refused once it is settled."""
    with transaction.atomic():
        row = lock_batch(access, batch)
        require_that(may_count_cards(access), ONLY_COUNTERS)
        tally = tally_with_entries(row, number)
        if tally is None:
            return
        if tally.settled_at is not None:
            raise Refused(_("Two people have counted this, and they agree. It cannot be changed."))
        current = tally.entries.filter(replaced_at=None)
        taken = current.filter(person=access.user)
        if not taken.exists() and may_take_back_counts(access):
            taken = current
        if taken.update(replaced_at=now()):
            record_ledger_action(access, row, "postcard_ledger.count_taken_back", tally=tally.number)


def _tally(batch: Batch, number: int) -> CardTally:
    """Return the tally with this number; begin it if it is the next one and there is something to count."""
    known = tally_with_entries(batch, number)
    if known is not None:
        return known
    newest = tally_with_entries(batch)
    is_next = number == (newest.number + 1 if newest else 1) and (newest is None or newest.settled_at)
    if not is_next:
        raise Refused(_("This page is out of date. Load it anew."))
    if not numbers_of_batches([batch.pk])[batch.pk][Stock.COLLECTED]:
        raise Refused(_("No cards wait to be counted."))
    return CardTally.objects.create(batch=batch, number=number)


def _settle(access: Access, batch: Batch, tally: CardTally) -> CountResult:
    """Return where the count stands; if both agree, store it and move the cards."""
    result = count_result(list(tally.entries.all()))
    if result.state != CountState.SETTLED or result.count is None:
        return result
    tally.count, tally.by_telephone, tally.settled_at = result.count, result.by_telephone, now()
    tally.save(update_fields=["count", "by_telephone", "settled_at"])
    if result.count:  # two who agree that there is none settle it, and nothing moves
        write_move(
            access=access,
            batch=batch,
            kind=MoveKind.COUNTED,
            quantity=result.count,
            day=site_today(),
            detail=MoveDetail(tally=tally),
        )
    record_ledger_action(
        access, batch, "postcard_ledger.count_settled", tally=tally.number, quantity=result.count
    )
    return result
