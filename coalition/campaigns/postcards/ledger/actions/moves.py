"""Writing moves, and undoing them by reversing entries. No other module writes `CardMove`."""

import datetime
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.days import site_today
from coalition.campaigns.postcards.ledger.enums import ROUTES, MoveKind, Stock
from coalition.campaigns.postcards.ledger.models import CardDelivery, CardMove, CardPacket, CardTally
from coalition.campaigns.postcards.ledger.permissions import ONLY_OWN_BATCHES, may_record_moves
from coalition.campaigns.postcards.ledger.queries import numbers_of_batches, packets_left
from coalition.campaigns.postcards.ledger.records import record_ledger_action
from coalition.campaigns.postcards.models import Batch
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.drafts.permissions import require_that

MOST_MOVED: Final = 100_000  # cards in one move: more is a typing error
OVER_PRINT: Final = 10  # a tenth more than ordered may be printed: printers print spare cards

NOT_ENOUGH: Final = {
    Stock.STOCK: _("Not enough cards in stock: there are %(left)s."),
    Stock.OUT: _("Not so many cards are with volunteers: there are %(left)s."),
    Stock.COLLECTED: _("Not so many cards are collected and not counted yet: there are %(left)s."),
    Stock.COUNTED: _("Not so many cards are counted and not delivered yet: there are %(left)s."),
    Stock.POSTED: _("Not so many cards were posted: there are %(left)s."),
    Stock.LOST: _("Not so many cards are lost: there are %(left)s."),
    Stock.DELIVERED: _("Not so many cards were delivered: there are %(left)s."),
}


class EnteredOtherwise(Refused):
    """The identifier of an entry is written already, with other values."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This was entered already, with other values. Look at what was entered: send it once more"
                " only if it is a further entry."
            )
        )


@dataclass(frozen=True)
class MoveDetail:
    """What a move belongs to besides its batch; see `CardMove`."""

    packet: CardPacket | None = None
    tally: CardTally | None = None
    delivery: CardDelivery | None = None
    reverses: CardMove | None = None
    note: str = ""
    client_id: UUID | None = None


def lock_batch(access: Access, batch: Batch) -> Batch:
    """Return the batch, locked until the end of the caller's transaction: what it has is checked and moved by
    one at a time. Raises NotAllowed if it is of another workspace."""
    rows = Batch.objects.select_for_update(of=("self",)).select_related("design__workspace", "organisation")
    row = rows.get(pk=batch.pk)
    if row.design.workspace_id != access.workspace.pk:
        raise NotAllowed
    return row


def require_open(batch: Batch) -> None:
    """Raise Refused if nothing more is entered about the batch."""
    if batch.closed_at is not None:
        raise Refused(_("Batch %(number)s is closed: nothing more is entered."), number=batch.number)


def require_day(batch: Batch, day: datetime.date) -> None:
    """Raise Refused for a day to come, or one before the batch was made."""
    if day > site_today():
        raise Refused(_("This day has not come yet."))
    if day < localdate(batch.made_at):
        raise Refused(_("The batch was made later than on this day."))


def written_before(batch: Batch, client_id: UUID | None, **values: object) -> CardMove | None:
    """Return the move that was sent with this identifier before. Raises Refused if it is of another batch,
    EnteredOtherwise if it has other values than these."""
    if client_id is None:
        return None
    found = CardMove.objects.filter(client_id=client_id).first()
    if found is not None and found.batch_id != batch.pk:
        raise Refused(_("This was entered for another batch already. Load the page anew."))
    if found is not None and any(getattr(found, name) != value for name, value in values.items()):
        raise EnteredOtherwise
    return found


def write_move(
    *,
    access: Access,
    batch: Batch,
    kind: MoveKind,
    quantity: int,
    day: datetime.date,
    source: str | None = None,
    detail: MoveDetail | None = None,
) -> CardMove:
    """Write a move of a batch that the caller has locked and whose right it has checked.

    `source`: where the kind leaves a choice (lost); for a reversing entry it follows from what it undoes.
    Raises Refused if the source has not so many, for a day that cannot be, and for a closed batch.
    """
    more = detail or MoveDetail()
    sources, destination = ROUTES[kind]
    origin, goal = sources[0] if source is None else source, str(destination)
    if more.reverses is not None:
        origin, goal = more.reverses.destination, more.reverses.source
    elif origin not in sources:
        raise ValueError(f"cards that are {kind} do not come from {origin}")
    require_open(batch)
    require_day(batch, day)
    if not 0 < quantity <= MOST_MOVED:
        raise Refused(_("A number lies between 1 and %(most)s."), most=MOST_MOVED)
    _require_enough(batch, origin, quantity, more.packet)
    move = CardMove.objects.create(
        batch=batch,
        kind=kind,
        source=origin,
        destination=goal,
        quantity=quantity,
        packet=more.packet,
        tally=more.tally,
        delivery=more.delivery,
        reverses=more.reverses,
        note=more.note,
        client_id=more.client_id or uuid4(),
        day=day,
        at=now(),
        by=access.user,
        organisation=access.organisation,
    )
    if more.packet is not None:
        _close_if_complete(more.packet)
    return move


def _require_enough(batch: Batch, origin: str, quantity: int, packet: CardPacket | None) -> None:
    numbers = numbers_of_batches([batch.pk])[batch.pk]
    if not origin:
        most = batch.quantity + batch.quantity // OVER_PRINT
        if numbers.totals.printed + quantity > most:
            words = _("%(ordered)s were ordered. Up to a tenth more may be printed: %(most)s in all.")
            raise Refused(words, ordered=batch.quantity, most=most)
        return
    stock = Stock(origin)
    if numbers[stock] < quantity:
        raise Refused(NOT_ENOUGH[stock], left=numbers[stock])
    if stock == Stock.OUT and packet is not None:
        left = packets_left([packet.pk])[packet.pk]
        if left < quantity:
            words = _("Of packet %(packet)s only %(left)s cards are not accounted for.")
            raise Refused(words, packet=packet.label, left=left)


def _close_if_complete(packet: CardPacket) -> None:
    """Close the packet once each card is accounted for, which deletes its mark; reopen it otherwise."""
    is_complete = not packets_left([packet.pk])[packet.pk]
    if is_complete == (packet.closed_at is not None):
        return
    packet.closed_at = now() if is_complete else None
    packet.mark = "" if is_complete else packet.mark
    packet.save(update_fields=["closed_at", "mark"])


def record_printed(
    *,
    access: Access,
    batch: Batch,
    quantity: int,
    day: datetime.date,
    note: str = "",
    client_id: UUID | None = None,
) -> CardMove:
    """Cards came from the printer. A tenth more than ordered at most.

    Raises NotAllowed; Refused as `write_move` and `written_before` do. With the same `client_id` and values
    twice it is one move.
    """
    return _record(access, batch, MoveKind.PRINTED, quantity, day, None, note, client_id)


def record_lost(
    *,
    access: Access,
    batch: Batch,
    quantity: int,
    source: Stock,
    day: datetime.date,
    note: str = "",
    client_id: UUID | None = None,
) -> CardMove:
    """Cards got lost in stock or after they were collected; what volunteers lose, they hand back as lost.

    Raises NotAllowed; Refused as `write_move` and `written_before` do. With the same `client_id` and values
    twice it is one move.
    """
    return _record(access, batch, MoveKind.LOST, quantity, day, source, note, client_id)


def _record(
    access: Access,
    batch: Batch,
    kind: MoveKind,
    quantity: int,
    day: datetime.date,
    source: str | None,
    note: str,
    client_id: UUID | None,
) -> CardMove:
    with transaction.atomic():
        row = lock_batch(access, batch)
        require_that(may_record_moves(access, row), ONLY_OWN_BATCHES)
        origin = ROUTES[kind][0][0] if source is None else source
        known = written_before(
            row, client_id, kind=kind, source=origin, quantity=quantity, day=day, note=note
        )
        if known is not None:
            return known
        detail = MoveDetail(note=note, client_id=client_id)
        move = write_move(
            access=access, batch=row, kind=kind, quantity=quantity, day=day, source=source, detail=detail
        )
        record_ledger_action(access, row, "postcard_ledger.moved", kind=kind.value, quantity=quantity)
    return move


def reverse_move(
    *, access: Access, move: CardMove, note: str = "", client_id: UUID | None = None
) -> CardMove:
    """Undo a move by a reversing entry of today. Both stay in the ledger.

    Raises NotAllowed; Refused for a reversing entry, for a move that is undone, for what two people counted,
    for a line of a delivery, and if its cards have moved on.
    """
    with transaction.atomic():
        batch = lock_batch(access, move.batch)
        require_that(may_record_moves(access, batch), ONLY_OWN_BATCHES)
        row = CardMove.objects.select_related("packet__batch").get(pk=move.pk)
        _require_reversible(row)
        if CardMove.objects.filter(reverses=row).exists():
            raise Refused(_("This move is undone already."))
        detail = MoveDetail(packet=row.packet, reverses=row, note=note, client_id=client_id)
        made = write_move(
            access=access,
            batch=batch,
            kind=MoveKind(row.kind),
            quantity=row.quantity,
            day=site_today(),
            detail=detail,
        )
        record_ledger_action(access, batch, "postcard_ledger.reversed", kind=row.kind, quantity=row.quantity)
    return made


def _require_reversible(move: CardMove) -> None:
    if move.reverses_id is not None:
        raise Refused(_("An entry that reverses another one cannot be undone. Enter what is right anew."))
    if move.kind == MoveKind.COUNTED:
        raise Refused(_("Two people have counted this, and they agree. It cannot be changed."))
    if move.kind == MoveKind.DELIVERED:
        raise Refused(_("Take back the delivery as a whole."))
