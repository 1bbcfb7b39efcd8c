"""What pages of the ledger show."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, pgettext

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import Viewer, display_name_for
from coalition.campaigns.core.days import site_today
from coalition.campaigns.postcards.ledger.actions.packets import WrongDueDay
from coalition.campaigns.postcards.ledger.enums import MoveKind, Stock
from coalition.campaigns.postcards.ledger.models import CardMove
from coalition.campaigns.postcards.ledger.permissions import may_record_moves
from coalition.campaigns.postcards.ledger.queries import (
    BatchNumbers,
    batches_of,
    numbers_of_batches,
    open_packets,
    packets_left,
    scans_of,
)
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.postcards.permissions import may_see_scans
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name


@dataclass(frozen=True)
class BatchRow:
    """A batch in the table. `counts`: by the order of `Stock`; `scans`: None where the person may not see
    them, as with other referral codes."""

    batch: Batch
    organisation: str
    region: str
    numbers: BatchNumbers
    scans: int | None

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(str(stock.label), self.numbers[stock]) for stock in Stock]


def batch_rows(access: Access, viewer: Viewer, design: CardDesign) -> list[BatchRow]:
    """Return the batches of a design with their numbers: three queries however many there are."""
    batches = list(batches_of(design))
    numbers = numbers_of_batches([batch.pk for batch in batches])
    scans = scans_of(batches)
    return [
        BatchRow(
            batch,
            display_name_for(viewer, batch.organisation),
            str(REGIONS.get(batch.region, "")),
            numbers[batch.pk],
            scans[batch.pk] if may_see_scans(access, batch) else None,
        )
        for batch in batches
    ]


def totals_row(rows: Sequence[BatchRow]) -> list[tuple[str, int]]:
    """Return the sums of the stocks of all batches, each with the name of the stock."""
    return [(str(stock.label), sum(row.numbers[stock] for row in rows)) for stock in Stock]


def table_heads() -> list[str]:
    return [
        _("Batch"),
        _("Organisation"),
        _("Region"),
        _("Ordered"),
        *(str(stock.label) for stock in Stock),
        _("Scans"),
        _("Closed on"),
    ]


def table_cells(rows: Iterable[BatchRow]) -> list[list[str]]:
    """Return the cells of the spreadsheet table."""
    return [
        [
            str(row.batch.number),
            row.organisation,
            row.region,
            str(row.batch.quantity),
            *(str(count) for _label, count in row.counts),
            "" if row.scans is None else str(row.scans),
            localdate(row.batch.closed_at).isoformat() if row.batch.closed_at else "",
        ]
        for row in rows
    ]


@dataclass(frozen=True)
class MoveRow:
    """A move with the stocks after it. `is_reversal`: it undoes another one; `may_undo`: undoing
    it can be tried."""

    move: CardMove
    words: str
    by: str
    after: list[tuple[str, int]]
    is_reversal: bool
    is_undone: bool
    may_undo: bool


def move_rows(access: Access, viewer: Viewer, batch: Batch, moves: Iterable[CardMove]) -> list[MoveRow]:
    """Return the moves in their order, each with the stocks after it. No query of its own."""
    may = may_record_moves(access, batch) and batch.closed_at is None
    stocks = dict.fromkeys(Stock.values, 0)
    rows = []
    for move in moves:
        for name, sign in ((move.source, -1), (move.destination, 1)):
            if name:
                stocks[name] += sign * move.quantity
        is_undone = hasattr(move, "reversed_by")
        fixed = move.kind in {MoveKind.COUNTED, MoveKind.DELIVERED} or move.reverses_id is not None
        by = display_name_for(viewer, move.organisation)
        if move.by is not None:
            by = person_name(viewer, move.by, move.organisation)
        rows.append(
            MoveRow(
                move,
                _move_words(move),
                by,
                [(str(stock.label), stocks[stock]) for stock in Stock],
                move.reverses_id is not None,
                is_undone,
                may and not fixed and not is_undone,
            )
        )
    return rows


def _move_words(move: CardMove) -> str:
    words = str(MoveKind(move.kind).label)
    if move.kind == MoveKind.LOST:
        origin = move.source if move.reverses_id is None else move.destination
        words = _("%(move)s: %(stock)s") % {"move": words, "stock": Stock(origin).label}
    if move.reverses_id is not None:
        words = _("Undone: %(move)s") % {"move": words}
    return words


def hand_numbers(access: Access, design: CardDesign) -> dict[str, Any]:
    """Return what the page on a phone needs, of the batches whose cards the person enters: four queries.
    Numbers, days and marks; no organisation and no person, since the phone stores it."""
    batches = [one for one in batches_of(design).filter(closed_at=None) if may_record_moves(access, one)]
    numbers = numbers_of_batches([batch.pk for batch in batches])
    packets = list(open_packets(design).filter(batch__in=batches))
    left = packets_left([packet.pk for packet in packets])
    return {
        "as_of": int(now().timestamp() * 1000),
        "today": site_today().isoformat(),
        "batches": [
            {"id": str(one.uuid), "number": one.number, "stock": numbers[one.pk][Stock.STOCK]}
            for one in batches
        ],
        "packets": [
            {
                "id": str(packet.uuid),
                "label": packet.label,
                "mark": packet.mark,
                "left": left[packet.pk],
                "due": packet.due_on.isoformat(),
            }
            for packet in packets
        ],
    }


@dataclass(frozen=True)
class PacketRow:
    """A packet on the page without script; the script draws the same with `hand_words`."""

    uuid: str
    name: str
    left: int
    left_words: str
    due_words: str
    is_late: bool


def packet_rows(numbers: dict[str, Any]) -> list[PacketRow]:
    """Return the rows of `hand_numbers`, due ones first."""
    words = hand_words()
    rows = []
    for one in numbers["packets"]:
        name = words["packet"].format(label=one["label"])
        due = datetime.date.fromisoformat(one["due"])
        is_late = one["due"] < numbers["today"]
        rows.append(
            PacketRow(
                one["id"],
                f"{name} ({one['mark']})" if one["mark"] else name,
                one["left"],
                words["left"].format(number=one["left"]),
                words["overdue" if is_late else "due"].format(day=_day_words(due, numbers["today"])),
                is_late,
            )
        )
    return rows


def _day_words(day: datetime.date, today: str) -> str:
    """Return a day as `card_packets/days.js` does: with the year where it is not the one of `today` (ISO)."""
    return date_format(day, "j E" if today.startswith(f"{day.year}-") else "j E Y")


def month_names() -> list[str]:
    """Return the names of the twelve months as they stand after a day, in the active language."""
    return [date_format(datetime.date(2000, month, 1), "E") for month in range(1, 13)]


def batch_choices(numbers: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the batches to give out of, with what is in stock."""
    words = hand_words()["batch"]
    return [(one["id"], words.format(number=one["number"], stock=one["stock"])) for one in numbers["batches"]]


def hand_words() -> dict[str, str]:
    """Return the sentences of the script, with placeholders in braces."""
    return {
        "batch": _("Batch {number}: {stock} in stock"),
        "packet": _("Packet {label}"),
        "new_packet": _("New packet"),
        "left": _("Cards: {number}"),
        "due": _("back by {day}"),
        "overdue": _("overdue since {day}"),
        "given": _("Given out: {quantity} cards of batch {number}, back by {due}"),
        "collected": _("{number} filled in"),
        "returned": _("{number} blank"),
        "posted": _("{number} posted"),
        "lost": _("{number} lost"),
        "undoing": _("An entry is undone."),
        "unsent": _("Not sent yet"),
        "refused": _("Not taken: {why}"),
        "waiting": _("Not sent yet: {number}"),
        "all_sent": _("Everything is sent"),
        "online": pgettext("connection", "Online"),
        "offline": pgettext("connection", "Offline"),
        "signed_out": pgettext("connection", "Signed out"),
        "signed_out_why": _("Sign in again. What is not sent stays on this phone."),
        "ended": pgettext("connection", "No access"),
        "ended_why": _("You may not enter cards here any more. What is not sent stays on this phone."),
        "not_entered": _(
            "This phone cannot store the entry, and it could not be sent. It is not entered: leave it in the"
            " form and try again."
        ),
        "nothing": _("Enter how many cards came back."),
        "too_many": _("Only {number} cards of this packet are not accounted for, and you entered {sum}."),
        "no_stock": _("Not enough cards in stock: there are {number}."),
        "wrong_due": str(WrongDueDay.words),
        "no_name": _(
            "Write a colour or a sticker, not a name or a telephone number: volunteers stay unnamed."
        ),
        "gone": _("This packet is complete now. Discard the entry."),
    }
