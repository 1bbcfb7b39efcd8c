"""Counted cards are handed over; batches are closed."""

import datetime
from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.days import site_today
from coalition.campaigns.postcards.ledger.actions.moves import (
    EnteredOtherwise,
    MoveDetail,
    lock_batch,
    require_day,
    require_open,
    write_move,
)
from coalition.campaigns.postcards.ledger.enums import MoveKind
from coalition.campaigns.postcards.ledger.models import CardDelivery, CardMove, CardPacket
from coalition.campaigns.postcards.ledger.permissions import ONLY_COORDINATORS, may_deliver_cards
from coalition.campaigns.postcards.ledger.records import record_ledger_action
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.referrals.actions import end_referral_code
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.drafts.permissions import require_that
from documents.files.models import StoredFile
from documents.files.public_copy import prepare_public_copy


class BatchRefused(Refused):
    """The cards of one batch cannot be delivered."""

    def __init__(self, batch: Batch, refusal: Refused) -> None:
        self.batch = batch
        words = _("Batch %(number)s: %(reason)s")
        super().__init__(words, number=batch.number, reason=refusal.message)


def deliver_cards(
    *,
    access: Access,
    design: CardDesign,
    recipient: Body | Target,
    day: datetime.date,
    lines: Mapping[int, int],
    incoming_number: str = "",
    receipt: StoredFile | None = None,
    note: str = "",
    closes: bool = False,
    client_id: UUID | None = None,
) -> CardDelivery:
    """Note that counted cards were handed over. `lines`: cards by the batch's primary key. `receipt`: a file
    of the workspace, of which everybody reads a copy without metadata while the design is published.
    `closes`: close these batches at once. With the same `client_id` and values twice it is one delivery, also
    if its batches were closed or its receipt was limited since.

    Raises NotAllowed; BatchRefused for more than was counted; Refused without number and receipt, without
    cards, for a day that cannot be, for a closed batch, for a receipt that cannot be public, and if the
    `client_id` was used for another delivery.
    """
    require_that(may_deliver_cards(access), ONLY_COORDINATORS)
    if design.workspace_id != access.workspace.pk:
        raise NotAllowed
    wanted = {pk: quantity for pk, quantity in lines.items() if quantity}
    values = {
        "design": design,
        "body": recipient if isinstance(recipient, Body) else None,
        "target": recipient if isinstance(recipient, Target) else None,
        "day": day,
        "incoming_number": incoming_number.strip(),
        "receipt": receipt,
        "note": note,
    }
    known = _delivered_before(client_id, values, wanted)
    if known is not None:
        return known
    _require_evidence(access, wanted, incoming_number, receipt)
    with transaction.atomic():
        batches = _lock_batches(design, wanted)
        known = _delivered_before(client_id, values, wanted)  # sent twice at the same moment
        if known is not None:
            return known
        for batch in batches:
            require_open(batch)
            require_day(batch, day)
        delivery = CardDelivery.objects.create(
            **values,
            uuid=client_id or uuid4(),
            organisation=access.organisation,
            by=access.user,
            at=now(),
        )
        for batch in batches:
            _deliver(access, batch, delivery, wanted[batch.pk])
            if closes:
                close_batch(access=access, batch=batch)
    return delivery


def _lock_batches(design: CardDesign, pks: Collection[int]) -> list[Batch]:
    """Return these batches, locked until the end of the transaction. Raises Refused for one of another
    design."""
    rows = Batch.objects.select_for_update(of=("self",)).filter(design=design, pk__in=pks)
    batches = list(rows.order_by("pk"))
    if len(batches) != len(pks):
        raise Refused(_("A batch is not of this design."))
    return batches


def _delivered_before(
    client_id: UUID | None, values: Mapping[str, object], lines: Mapping[int, int]
) -> CardDelivery | None:
    """Return the delivery with this identifier. Raises EnteredOtherwise if it has other values or lines."""
    if client_id is None:
        return None
    rows = CardDelivery.objects.select_related("design", "body", "target", "receipt")
    found = rows.filter(uuid=client_id).first()
    if found is None:
        return None
    written = dict(found.moves.filter(reverses=None).values_list("batch", "quantity"))
    if written != lines or any(getattr(found, name) != value for name, value in values.items()):
        raise EnteredOtherwise
    return found


def _deliver(access: Access, batch: Batch, delivery: CardDelivery, quantity: int) -> None:
    try:
        write_move(
            access=access,
            batch=batch,
            kind=MoveKind.DELIVERED,
            quantity=quantity,
            day=delivery.day,
            detail=MoveDetail(delivery=delivery),
        )
    except Refused as refusal:
        raise BatchRefused(batch, refusal) from refusal
    record_ledger_action(
        access, batch, "postcard_ledger.delivered", delivery=str(delivery.uuid), quantity=quantity
    )


def take_back_delivery(*, access: Access, delivery: CardDelivery) -> None:
    """Undo a delivery that was entered by mistake: its cards are counted and not delivered again. Twice is
    one. Raises NotAllowed; Refused if one of its batches is closed."""
    require_that(may_deliver_cards(access), ONLY_COORDINATORS)
    with transaction.atomic():
        row = CardDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
        if row.taken_back_at is not None:
            return
        moves = CardMove.objects.filter(delivery=row, reverses=None).select_related("batch")
        for move in moves.order_by("batch"):
            batch = lock_batch(access, move.batch)
            write_move(
                access=access,
                batch=batch,
                kind=MoveKind.DELIVERED,
                quantity=move.quantity,
                day=site_today(),
                detail=MoveDetail(delivery=row, reverses=move),
            )
            record_ledger_action(access, batch, "postcard_ledger.delivery_taken_back", delivery=str(row.uuid))
        row.taken_back_at = now()
        row.save(update_fields=["taken_back_at"])


def close_batch(*, access: Access, batch: Batch) -> None:
    """Close a batch: nothing more is entered, its code credits nobody any more and leads on. Cards in stock
    and packets stay as they are. Twice is one. Raises NotAllowed."""
    require_that(may_deliver_cards(access), ONLY_COORDINATORS)
    with transaction.atomic():
        row = lock_batch(access, batch)
        if row.closed_at is not None:
            return
        row.closed_at = now()
        row.save(update_fields=["closed_at"])
        CardPacket.objects.filter(batch=row).exclude(mark="").update(mark="")
        end_referral_code(access=access, code=row.referral)
        record_ledger_action(access, row, "postcard_ledger.batch_closed")


def _require_evidence(
    access: Access, lines: Mapping[int, int], incoming_number: str, file: StoredFile | None
) -> None:
    """Raise Refused without cards, without number and receipt, and for a receipt that cannot be used; make
    the copy of the receipt that everybody reads."""
    if not lines:
        raise Refused(_("Say how many cards of which batch were delivered."))
    if not incoming_number.strip() and file is None:
        raise Refused(_("Give the incoming number, or a receipt with the stamp."))
    prepare_public_copy(access, file)
