"""What became of the demo's postcards: printed, taken by volunteers, handed back, counted by two, delivered.

It goes with the design that `demo.seed.postcards` makes; without that design nothing happens.
"""

import datetime
from collections.abc import Collection
from functools import partial

from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import (
    Batch,
    Body,
    CardCount,
    CardDelivery,
    CardDesign,
    CardMove,
    CardPacket,
    CardTally,
)
from coalition.campaigns.postcards.ledger.actions.counts import count_cards
from coalition.campaigns.postcards.ledger.actions.deliveries import deliver_cards
from coalition.campaigns.postcards.ledger.actions.moves import record_lost, record_printed
from coalition.campaigns.postcards.ledger.actions.packets import give_packet, take_back_packet
from coalition.campaigns.postcards.ledger.enums import MoveKind, Stock
from coalition.workspaces.permissions import Access
from demo.seed.accounts import Accounts
from demo.seed.history import History
from demo.seed.workspaces import access_of

DESIGN = "card-to-deputies"
FIRST, SECOND = "coordinator@demo.example", "editor@demo.example"  # of two organisations: they count
BATCHES = (1, 2, 4, 6)  # printed; the others were ordered
DAY = datetime.timedelta(days=1)


def plan_card_moves(accounts: Accounts, history: History, *, slug: str = DESIGN) -> None:
    """Plan what was entered about the cards of a design in the last week. Call after its batches are planned:
    they are made more than six days ago."""
    history.add(6, partial(_print, accounts, slug))
    history.add(5, partial(_give, accounts, slug))
    history.add(2, partial(_take_back, accounts, slug))
    history.add(1, partial(_count, accounts, slug))


def _found(accounts: Accounts, slug: str) -> tuple[Access, dict[int, Batch]] | None:
    """Return the coordinator's access and the batches by number; None without the design."""
    design = CardDesign.objects.filter(slug=slug).select_related("workspace").first()
    if design is None:
        return None
    access = access_of(accounts.people[FIRST], design.workspace)
    return access, {one.number: one for one in design.batches.filter(number__in=BATCHES)}


def _print(accounts: Accounts, slug: str) -> None:
    if (found := _found(accounts, slug)) is None:
        return
    access, batches = found
    for batch in batches.values():
        record_printed(access=access, batch=batch, quantity=batch.quantity, day=site_today())


def _give(accounts: Accounts, slug: str) -> None:
    """Packets of four volunteers; one is to be back before today, and is overdue."""
    if (found := _found(accounts, slug)) is None:
        return
    access, batches = found
    plan = [
        (1, 100, 3, "жасыл"),
        (1, 150, 10, "қызғалдақ"),
        (2, 200, 12, ""),
        (4, 80, 3, "көк"),
        (6, 120, 9, ""),
    ]
    for number, quantity, days, mark in plan:
        if number in batches:
            give_packet(
                access=access,
                batch=batches[number],
                quantity=quantity,
                day=site_today(),
                due_on=site_today() + days * DAY,
                mark=mark,
            )


def _take_back(accounts: Accounts, slug: str) -> None:
    """Two packets come back whole, one in part; some cards were posted or lost."""
    if (found := _found(accounts, slug)) is None:
        return
    access, batches = found
    plan = {(1, 1): (63, 37, 0, 0), (2, 1): (90, 40, 25, 5), (6, 1): (110, 4, 6, 0)}
    for packet in CardPacket.objects.filter(batch__in=batches.values()).select_related("batch"):
        counts = plan.get((packet.batch.number, packet.number))
        if counts is None:
            continue
        collected, returned, posted, lost = counts
        quantities = {
            MoveKind.COLLECTED: collected,
            MoveKind.RETURNED: returned,
            MoveKind.POSTED: posted,
            MoveKind.LOST: lost,
        }
        take_back_packet(access=access, packet=packet, quantities=quantities, day=site_today())
    if 4 in batches:
        record_lost(
            access=access,
            batch=batches[4],
            quantity=12,
            source=Stock.STOCK,
            day=site_today(),
            note="Қоймада су өтті",
        )


def _count(accounts: Accounts, slug: str) -> None:
    """One batch is counted by two and delivered in part, one waits for its second count."""
    if (found := _found(accounts, slug)) is None:
        return
    access, batches = found
    second = access_of(accounts.people[SECOND], access.workspace)
    if 1 in batches:
        for one in (access, second):
            count_cards(access=one, batch=batches[1], number=1, count=63)
        _deliver(access, batches[1])
    if 2 in batches:
        count_cards(access=second, batch=batches[2], number=1, count=90)


def _deliver(access: Access, batch: Batch) -> None:
    design = CardDesign.objects.get(pk=batch.design_id)
    recipient = design.recipient_target or design.recipient_body
    recipient = recipient or Body.objects.filter(workspace=access.workspace, archived_at=None).first()
    if recipient is not None:
        deliver_cards(
            access=access,
            design=design,
            recipient=recipient,
            day=site_today(),
            lines={batch.pk: 50},
            incoming_number="DEMO-ЗТ-2184",
        )


def remove_card_moves(workspaces: Collection[int]) -> None:
    """Delete the ledgers of all designs of these workspaces (primary keys). Call before their batches go."""
    moves = CardMove.objects.filter(batch__design__workspace__in=workspaces)
    moves.filter(reverses__isnull=False).delete()
    moves.delete()
    CardPacket.objects.filter(batch__design__workspace__in=workspaces).delete()
    CardDelivery.objects.filter(design__workspace__in=workspaces).delete()
    tallies = CardTally.objects.filter(batch__design__workspace__in=workspaces)
    CardCount.objects.filter(tally__in=tallies).delete()
    tallies.delete()
