"""Numbers of batches and designs, open packets, and deliveries. All numbers are sums of moves."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.regional_actions import ANY_REGION, Done
from coalition.campaigns.postcards.ledger.enums import MoveKind, Stock
from coalition.campaigns.postcards.ledger.models import (
    CardCount,
    CardDelivery,
    CardMove,
    CardPacket,
    CardTally,
)
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.recipients.outreach import Reached
from coalition.campaigns.referrals.models import ReferralDay
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from documents.files.models import StoredFile


@dataclass(frozen=True)
class DesignTotals:
    """What happened to the cards of a design in all: reversed entries are taken off. `counted`: ever counted
    by two; `delivered` is a part of it. `lost`: from any stock."""

    printed: int = 0
    handed_out: int = 0
    returned: int = 0
    collected: int = 0
    posted: int = 0
    lost: int = 0
    counted: int = 0
    delivered: int = 0


@dataclass(frozen=True)
class BatchNumbers:
    """A batch as it stands: `stocks` where its cards are now, `totals` what ever happened to them."""

    stocks: Mapping[Stock, int]
    totals: DesignTotals

    def __getitem__(self, stock: Stock) -> int:
        return self.stocks[stock]


_NAMES = frozenset(field.name for field in fields(DesignTotals))


def numbers_of_batches(batches: Collection[int]) -> dict[int, BatchNumbers]:
    """Return the numbers of these batches by primary key: one query however many there are."""
    is_reversal = Q(reverses__isnull=False)
    rows = CardMove.objects.filter(batch__in=batches).order_by()
    sums = rows.values_list("batch", "kind", "source", "destination").annotate(
        every=Sum("quantity"), reversed=Sum("quantity", filter=is_reversal, default=0)
    )
    stocks: dict[int, dict[str, int]] = {pk: dict.fromkeys(Stock.values, 0) for pk in batches}
    totals: dict[int, dict[str, int]] = {pk: dict.fromkeys(_NAMES, 0) for pk in batches}
    for batch, kind, source, destination, every, taken_off in sums:
        if source:
            stocks[batch][source] -= every
        if destination:
            stocks[batch][destination] += every
        totals[batch][kind] += every - 2 * taken_off
    return {
        pk: BatchNumbers(
            {Stock(name): count for name, count in stocks[pk].items()}, DesignTotals(**totals[pk])
        )
        for pk in batches
    }


def totals_of_designs(design_pks: Collection[int]) -> dict[int, DesignTotals]:
    """Return what happened to the cards of these designs, by primary key: one query. Also for everybody,
    where the design is published."""
    rows = CardMove.objects.filter(batch__design__in=design_pks).order_by()
    found: dict[int, dict[str, int]] = {pk: dict.fromkeys(_NAMES, 0) for pk in design_pks}
    for design, kind, count in _net(rows, "batch__design", "kind"):
        found[design][kind] = count
    return {pk: DesignTotals(**numbers) for pk, numbers in found.items()}


def _net(moves: QuerySet[CardMove], *by: str) -> Iterator[tuple[Any, ...]]:
    """Yield the values of `by` with the number of cards moved, reversed entries taken off."""
    undone = Q(reverses__isnull=False)
    sums = moves.values_list(*by).annotate(
        made=Sum("quantity", filter=~undone, default=0), undone=Sum("quantity", filter=undone, default=0)
    )
    for *values, made, taken_off in sums:
        yield (*values, made - taken_off)


def packets_left(packets: Collection[int]) -> dict[int, int]:
    """Return how many cards of each packet (primary keys) are not accounted for: one query."""
    out, back = Q(destination=Stock.OUT), Q(source=Stock.OUT)
    rows = CardMove.objects.filter(packet__in=packets).order_by().values_list("packet")
    sums = rows.annotate(
        out=Sum("quantity", filter=out, default=0), back=Sum("quantity", filter=back, default=0)
    )
    return dict.fromkeys(packets, 0) | {pk: went - came for pk, went, came in sums}


def designs_in(workspace: Workspace) -> QuerySet[CardDesign]:
    """Return the designs of a workspace, the newest first. The caller has checked that the person may see
    them."""
    return CardDesign.objects.filter(workspace=workspace).select_related("publication")


def batches_of(design: CardDesign) -> QuerySet[Batch]:
    """Return the batches of a design, open ones and closed ones, with what pages need of them."""
    return Batch.objects.filter(design=design).select_related("organisation", "design__workspace")


def moves_of(batch: Batch) -> QuerySet[CardMove]:
    """Return the moves of a batch in the order in which they were entered."""
    rows = CardMove.objects.filter(batch=batch).select_related(
        "packet__batch", "organisation", "by", "reversed_by", "delivery", "tally"
    )
    return rows.order_by("id")


def open_packets(design: CardDesign) -> QuerySet[CardPacket]:
    """Return packets with cards that are not accounted for, in batches that are open, due ones first."""
    rows = CardPacket.objects.filter(batch__design=design, batch__closed_at=None, closed_at=None)
    return rows.select_related("batch", "organisation").order_by("due_on", "batch__number", "number")


def overdue(packets: QuerySet[CardPacket]) -> QuerySet[CardPacket]:
    """Keep packets whose day has passed."""
    return packets.filter(due_on__lt=site_today())


def scans_of(batches: Iterable[Batch]) -> dict[int, int]:
    """Return how often the code of each batch was opened, by the batch's primary key: one query."""
    codes = {batch.referral_id: batch.pk for batch in batches}
    rows = ReferralDay.objects.filter(code__in=codes).order_by().values_list("code")
    found = dict.fromkeys(codes.values(), 0)
    return found | {codes[code]: count for code, count in rows.annotate(every=Sum("opened"))}


def tally_with_entries(batch: Batch, number: int | None = None) -> CardTally | None:
    """Return the count with this number, or the newest one, with all its entries; None if there is none."""
    rows = CardTally.objects.filter(batch=batch)
    if number is not None:
        rows = rows.filter(number=number)
    entries = Prefetch("entries", queryset=CardCount.objects.select_related("organisation", "person"))
    return rows.prefetch_related(entries).order_by("-number").first()


def counts_that_wait() -> QuerySet[CardCount]:
    """Return counts that wait for a second person, of open batches in workspaces that are not archived."""
    counts = CardCount.objects.filter(replaced_at=None)
    others = counts.filter(tally=OuterRef("tally")).exclude(pk=OuterRef("pk"))
    rows = counts.filter(
        ~Exists(others),
        tally__settled_at=None,
        tally__batch__closed_at=None,
        tally__batch__design__workspace__archived_at=None,
    )
    return rows.select_related("person", "organisation", "tally__batch__design__workspace")


def batches_for(user: object) -> QuerySet[Batch]:
    """Return the batches of workspaces in which the person sees drafts."""
    return Batch.objects.filter(design__workspace__in=workspaces_for(user, Right.SEE_DRAFTS))


def settled_tallies(batch: Batch) -> QuerySet[CardTally]:
    """Return counts on which two people agreed, the newest first."""
    return CardTally.objects.filter(batch=batch, settled_at__isnull=False).order_by("-number")


def counts_by_telephone(design_pks: Collection[int]) -> tuple[int, int]:
    """Return how many settled counts of these designs were read out by telephone, and how many there are: one
    query."""
    rows = CardTally.objects.filter(batch__design__in=design_pks, settled_at__isnull=False)
    found = rows.aggregate(telephone=Count("pk", filter=Q(by_telephone=True)), every=Count("pk"))
    return found["telephone"], found["every"]


@dataclass(frozen=True)
class DeliveryNumbers:
    """A delivery and how many cards it brought, of which batches: (batch number, cards)."""

    delivery: CardDelivery
    quantity: int
    lines: tuple[tuple[int, int], ...]


def deliveries_of(design: CardDesign) -> list[DeliveryNumbers]:
    """Return the deliveries of a design, the newest first, also those that were taken back: two queries."""
    lines = Prefetch(
        "moves", queryset=CardMove.objects.filter(reverses=None).select_related("batch").order_by("id")
    )
    rows = CardDelivery.objects.filter(design=design).select_related("body", "target", "receipt")
    found = []
    for row in rows.prefetch_related(lines):
        parts = tuple((move.batch.number, move.quantity) for move in row.moves.all())
        found.append(DeliveryNumbers(row, sum(count for _number, count in parts), parts))
    return found


@dataclass(frozen=True)
class PublicDelivery:
    """A delivery as everybody reads it. `recipient`: in the active language. `receipt`: a file of which
    everybody reads the copy without metadata; None if there is none or it was deleted."""

    day: datetime.date
    recipient: str
    incoming_number: str
    receipt: StoredFile | None
    quantity: int


def public_deliveries(design: CardDesign) -> list[PublicDelivery]:
    """Return the deliveries that everybody sees, the newest first: none unless the design is published."""
    if design.published_at is None:
        return []
    return [
        PublicDelivery(
            day=row.delivery.day,
            recipient=recipient_of(row.delivery),
            incoming_number=row.delivery.incoming_number,
            receipt=usable_receipt(row.delivery),
            quantity=row.quantity,
        )
        for row in deliveries_of(design)
        if row.delivery.taken_back_at is None
    ]


def recipient_of(delivery: CardDelivery) -> str:
    """Return to whom it went, in the active language."""
    recipient = delivery.target or delivery.body
    return str(recipient.name) if recipient is not None else ""


def usable_receipt(delivery: CardDelivery) -> StoredFile | None:
    """Return the receipt unless it was deleted."""
    file = delivery.receipt
    return file if file is not None and file.deleted_at is None else None


def counted_by_region(workspace: Workspace) -> Done:
    """Return how many cards were counted by two, by the batch's organisation and region: one query."""
    rows = CardMove.objects.filter(batch__design__workspace=workspace, kind=MoveKind.COUNTED).order_by()
    found = _net(rows, "batch__organisation", "batch__region")
    return {(organisation, region or ANY_REGION): count for organisation, region, count in found if count}


def delivered_by_recipient(workspace: Workspace) -> Reached:
    """Return how many cards were delivered, by UUID of the person or body and by the organisation of the
    batch: one query."""
    rows = CardMove.objects.filter(batch__design__workspace=workspace, kind=MoveKind.DELIVERED).order_by()
    reached: dict[tuple[UUID, int | None], int] = defaultdict(int)
    columns = ("delivery__target__uuid", "delivery__body__uuid", "batch__organisation")
    for target, body, organisation, count in _net(rows, *columns):
        if count:
            reached[target or body, organisation] += count
    return dict(reached)
