"""What the page on a phone sends: entries of packets, each checked and written by itself.

Pure parsing, then one action an entry. Numbers, days and identifiers come from outside and may be anything.
"""

import datetime
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, gettext_lazy

from coalition.campaigns.postcards.ledger.actions.moves import EnteredOtherwise
from coalition.campaigns.postcards.ledger.actions.packets import give_packet, take_back_packet, undo_entry
from coalition.campaigns.postcards.ledger.enums import HANDED_BACK, MoveKind
from coalition.campaigns.postcards.ledger.forms import GiveForm
from coalition.campaigns.postcards.ledger.models import CardPacket
from coalition.campaigns.postcards.ledger.queries import batches_of
from coalition.campaigns.postcards.models import CardDesign
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed

MOST_ENTRIES: Final = 200  # in one request
LARGEST_NUMBER: Final = 10**9  # the action tells the person; larger ones are nobody's typing


class UnreadableEntries(Refused):
    """The page sent something malformed."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This page sent something that cannot be read. Load it anew."))


@dataclass(frozen=True)
class PhoneEntry:
    """One entry. `day`: when it was entered (local date of the site); `fields`: as sent, not checked yet."""

    uuid: UUID
    act: str
    day: datetime.date
    fields: dict[str, Any]


def parse_entries(body: bytes, moment: datetime.datetime) -> list[PhoneEntry]:
    """Parse a request received at `moment`. Raises Refused if malformed.

    The phone's clock may be wrong: the time since each entry counts, by the phone's time of sending; nothing
    is entered in the future.
    """
    try:
        sent = json.loads(body)
        clock = float(sent["clock"])
        found = [
            PhoneEntry(
                uuid=UUID(one["id"]),
                act=str(one["act"]),
                day=localdate(moment - datetime.timedelta(milliseconds=max(0.0, clock - float(one["at"])))),
                fields=dict(one),
            )
            for one in sent["entries"]
        ]
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise UnreadableEntries from error
    if len(found) > MOST_ENTRIES:
        raise UnreadableEntries
    return found


def write_entry(access: Access, design: CardDesign, entry: PhoneEntry) -> dict[str, Any]:
    """Write one entry and return the answer to it: `why` it was refused, "" if it is written; `is_written`:
    its identifier is written with other values, so that it needs a new one. What is refused is not written at
    all."""
    refusal = _refusal(access, design, entry)
    why = str(refusal) if refusal is not None else ""
    if isinstance(refusal, NotAllowed):
        why = why or _("You may not enter cards of this batch.")
    return {"id": str(entry.uuid), "why": why, "is_written": isinstance(refusal, EnteredOtherwise)}


def _refusal(access: Access, design: CardDesign, entry: PhoneEntry) -> Refused | NotAllowed | None:
    act = {"give": _give, "take_back": _take_back, "undo": _undo}.get(entry.act)
    if act is None:
        return UnreadableEntries()
    try:
        act(access, design, entry)
    except (Refused, NotAllowed) as refusal:
        return refusal
    return None


def _give(access: Access, design: CardDesign, entry: PhoneEntry) -> None:
    batch = batches_of(design).filter(uuid=_uuid(entry.fields.get("batch"))).first()
    if batch is None:
        raise Refused(gettext_lazy("This batch is not known."))
    mark = str(entry.fields.get("mark", "")).strip()
    try:
        GiveForm.base_fields["mark"].run_validators(mark)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    give_packet(
        access=access,
        batch=batch,
        quantity=_number(entry.fields.get("quantity")),
        due_on=_day(entry.fields.get("due")),
        day=entry.day,
        mark=mark,
        client_id=entry.uuid,
    )


def _take_back(access: Access, design: CardDesign, entry: PhoneEntry) -> None:
    rows = CardPacket.objects.filter(batch__design=design).select_related("batch")
    packet = rows.filter(uuid=_uuid(entry.fields.get("packet"))).first()
    if packet is None:
        raise Refused(gettext_lazy("This packet is not known: it was not given out."))
    counts = entry.fields.get("counts")
    if not isinstance(counts, dict):
        raise UnreadableEntries
    quantities: dict[MoveKind, int] = {kind: _number(counts.get(kind.value, 0)) for kind in HANDED_BACK}
    take_back_packet(
        access=access,
        packet=packet,
        quantities=quantities,
        day=entry.day,
        left_seen=_number(entry.fields.get("left")),
        client_id=entry.uuid,
    )


def _undo(access: Access, design: CardDesign, entry: PhoneEntry) -> None:
    undo_entry(access=access, entry=_uuid(entry.fields.get("entry")))


def _uuid(words: object) -> UUID:
    try:
        return UUID(str(words))
    except ValueError as error:
        raise UnreadableEntries from error


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_NUMBER:
        raise UnreadableEntries
    return value


def _day(words: object) -> datetime.date:
    try:
        return datetime.date.fromisoformat(str(words))
    except ValueError as error:
        raise UnreadableEntries from error
