"""Packets of volunteers: given out, taken back. Also what phones send later, in the order of entering."""

import datetime
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.postcards.ledger.actions.moves import (
    EnteredOtherwise,
    MoveDetail,
    lock_batch,
    require_open,
    reverse_move,
    write_move,
)
from coalition.campaigns.postcards.ledger.enums import HANDED_BACK, MoveKind, Stock
from coalition.campaigns.postcards.ledger.models import CardMove, CardPacket
from coalition.campaigns.postcards.ledger.permissions import ONLY_OWN_BATCHES, may_record_moves
from coalition.campaigns.postcards.ledger.queries import packets_left
from coalition.campaigns.postcards.ledger.records import record_ledger_action
from coalition.campaigns.postcards.models import Batch
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

LONGEST_LOAN: Final = datetime.timedelta(days=366)  # a later day is a typing error


class WrongDueDay(Refused):
    """A packet cannot be due on this day."""

    words = _("Packets are handed back within a year, not before they are given out.")

    def __init__(self) -> None:
        super().__init__(self.words)


def give_packet(
    *,
    access: Access,
    batch: Batch,
    quantity: int,
    due_on: datetime.date,
    day: datetime.date,
    mark: str = "",
    client_id: UUID | None = None,
) -> CardPacket:
    """Give a volunteer a packet of so many cards. `client_id`: becomes the packet's UUID; with the same one
    and the same values twice it is one packet.

    Raises NotAllowed; Refused if there are not so many in stock, for days that cannot be, for a closed batch,
    and if the `client_id` was used for something else.
    """
    with transaction.atomic():
        row = lock_batch(access, batch)
        require_that(may_record_moves(access, row), ONLY_OWN_BATCHES)
        known = CardPacket.objects.filter(uuid=client_id).first() if client_id else None
        if known is not None:
            _require_same_packet(known, row, quantity, due_on, mark)
            return known
        require_open(row)
        if not day <= due_on <= day + LONGEST_LOAN:
            raise WrongDueDay
        last = CardPacket.objects.filter(batch=row).aggregate(last=Max("number"))["last"] or 0
        identifier = client_id or uuid4()
        packet = CardPacket.objects.create(
            uuid=identifier,
            batch=row,
            number=last + 1,
            mark=mark,
            due_on=due_on,
            organisation=access.organisation,
            opened_at=now(),
        )
        detail = MoveDetail(packet=packet, client_id=identifier)
        write_move(
            access=access, batch=row, kind=MoveKind.HANDED_OUT, quantity=quantity, day=day, detail=detail
        )
        record_ledger_action(
            access, row, "postcard_ledger.packet_given", packet=packet.number, quantity=quantity
        )
    return packet


def _require_same_packet(
    packet: CardPacket, batch: Batch, quantity: int, due_on: datetime.date, mark: str
) -> None:
    """Raise Refused if the packet was given out with other values. A mark may be deleted since."""
    if packet.batch_id != batch.pk:
        raise Refused(_("This was entered for another batch already. Load the page anew."))
    given = packet.moves.get(client_id=packet.uuid)
    keeps_mark = packet.closed_at is None and batch.closed_at is None
    if (given.quantity, packet.due_on) != (quantity, due_on) or (keeps_mark and packet.mark != mark):
        raise EnteredOtherwise


def take_back_packet(
    *,
    access: Access,
    packet: CardPacket,
    quantities: Mapping[MoveKind, int],
    day: datetime.date,
    left_seen: int | None = None,
    client_id: UUID | None = None,
) -> CardPacket:
    """A volunteer hands back cards of a packet: all of `quantities`, or none. What is missing stays open.

    `quantities`: by the kinds of `HANDED_BACK`. `left_seen`: how many cards whoever enters this believed to
    be open; if it is another number, somebody else entered the packet meanwhile, perhaps the same cards.
    With the same `client_id` and numbers twice it is entered once.

    Raises NotAllowed; Refused if there are not so many, for days that cannot be, for a closed batch, and if
    the `client_id` was used for something else.
    """
    identifier = client_id or uuid4()
    with transaction.atomic():
        batch = lock_batch(access, packet.batch)
        require_that(may_record_moves(access, batch), ONLY_OWN_BATCHES)
        row = CardPacket.objects.select_related("batch").get(pk=packet.pk)
        wanted = {kind: quantities[kind] for kind in HANDED_BACK if quantities.get(kind)}
        known = CardMove.objects.filter(client_id__in=move_ids(identifier))
        written = {(move.packet_id, move.kind): move.quantity for move in known}
        if written:
            if written != {(row.pk, kind): quantity for kind, quantity in wanted.items()}:
                raise EnteredOtherwise
            return row
        require_open(batch)
        _require_left(row, sum(wanted.values()), left_seen)
        for kind, quantity in wanted.items():
            detail = MoveDetail(packet=row, client_id=uuid5(identifier, kind.value))
            source = Stock.OUT if kind == MoveKind.LOST else None
            write_move(
                access=access,
                batch=batch,
                kind=kind,
                quantity=quantity,
                day=day,
                source=source,
                detail=detail,
            )
        counts = {kind.value: quantity for kind, quantity in wanted.items()}
        record_ledger_action(access, batch, "postcard_ledger.packet_taken_back", packet=row.number, **counts)
    return row


def _require_left(packet: CardPacket, wanted: int, left_seen: int | None) -> None:
    left = packets_left([packet.pk])[packet.pk]
    if not wanted:
        raise Refused(_("Enter how many cards came back."))
    if left_seen is not None and left_seen != left:
        words = _(
            "Somebody entered packet %(packet)s meanwhile, maybe the same cards: %(left)s of it are not"
            " accounted for now."
        )
        raise Refused(words, packet=packet.label, left=left)
    if wanted > left:
        words = _("Of packet %(packet)s only %(left)s cards are not accounted for.")
        raise Refused(words, packet=packet.label, left=left)


def undo_entry(*, access: Access, entry: UUID) -> int:
    """Undo what a phone sent with this identifier without knowing whether it arrived; return how many moves
    are undone. Nothing arrived: 0. Raises NotAllowed; Refused if its cards have moved on or somebody else
    entered it."""
    moves = CardMove.objects.filter(client_id__in=move_ids(entry)).select_related("batch")
    with transaction.atomic():
        rows = list(moves.filter(reversed_by=None).order_by("-id"))
        for move in rows:
            if move.by_id != access.user.pk:
                raise Refused(_("Somebody else entered this."))
            reverse_move(access=access, move=move)
    return len(rows)


def move_ids(entry: UUID) -> list[UUID]:
    """Return the identifiers of all moves that come of one entry."""
    return [entry, *(uuid5(entry, kind.value) for kind in HANDED_BACK)]
