"""Verdict on every row of a spreadsheet of contacts: new, known, or rejected with a reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from coalition.accounts.enums import Language
from documents.contacts.actions import ContactBook, ContactData, contact_key
from events.spreadsheets import columns
from events.spreadsheets.reader import FORMULA, Rows, SpreadsheetRejected

LIMITS = {"outlet": 120, "name": 120, "address": 254, "phone": 40, "messenger": 80}
_PHONE = re.compile(r"[+0-9 ()./,;-]{3,40}")


class ContactVerdictKind(StrEnum):
    """Kind of verdict on a row."""

    NEW = "new"
    KNOWN = "known"
    FAULTY = "faulty"


@dataclass(frozen=True)
class ContactVerdict:
    """Verdict on a row. `number`: counts non-empty rows of the spreadsheet, the heading being 1;
    `fault`: a key of `words.ROW_FAULT_MESSAGES`; `left_out`: unrecognised topics, regions and channels."""

    number: int
    kind: ContactVerdictKind
    cells: tuple[str, ...]
    person: ContactData | None = None
    fault: str = ""
    left_out: tuple[str, ...] = ()


def contact_columns(rows: Rows) -> dict[str, int]:
    """Which column is what. Raises NotTaken with what is missing."""
    found = columns.recognise_columns(rows[0])
    if not found:
        raise SpreadsheetRejected("no_columns")
    if "outlet" not in found:
        raise SpreadsheetRejected("no_outlet")
    if not {"address", "phone", "messenger"} & found.keys():
        raise SpreadsheetRejected("no_way")
    if len(rows) < 2:
        raise SpreadsheetRejected("only_heads")
    return found


def judge_contact_rows(rows: Rows, book: ContactBook, language: Language) -> list[ContactVerdict]:
    """Return the verdict on each row below the heading. `language`: default of rows without one.
    Raises NotTaken."""
    heads = contact_columns(rows)
    seen: set[str] = set()
    return [
        _judge_contact_row(number, row, heads, book, language, seen) for number, row in enumerate(rows[1:], 2)
    ]


def _judge_contact_row(
    number: int,
    row: Sequence[str],
    heads: Mapping[str, int],
    book: ContactBook,
    language: Language,
    seen: set[str],
) -> ContactVerdict:
    cells = tuple("=…" if cell == FORMULA else cell for cell in row)
    said = {name: row[at] if at < len(row) else "" for name, at in heads.items()}
    said["name"] = " ".join(part for part in (said.get("name"), said.pop("surname", "")) if part)
    fault = _fault(said)
    if fault:
        return ContactVerdict(number, ContactVerdictKind.FAULTY, cells, fault=fault)
    person, left_out = _person(said, language)
    key = contact_key(person.outlet, person.name, person.address)
    if key in seen:
        return ContactVerdict(number, ContactVerdictKind.FAULTY, cells, fault="twice")
    seen.add(key)
    kind = ContactVerdictKind.KNOWN if key in book.contacts else ContactVerdictKind.NEW
    return ContactVerdict(number, kind, cells, person=person, left_out=tuple(left_out))


def _fault(said: Mapping[str, str]) -> str:
    if FORMULA in " ".join(said.values()):
        return "formula"
    if not said.get("outlet"):
        return "no_outlet"
    if any(len(said.get(name, "")) > most for name, most in LIMITS.items()):
        return "too_long"
    if not any(said.get(name) for name in ("address", "phone", "messenger")):
        return "no_way"
    if said.get("phone") and not _PHONE.fullmatch(said["phone"]):
        return "phone"
    if columns.language_codes(said.get("language", ""))[1]:
        return "language"
    return "" if _is_address(said.get("address", "")) else "address"


def _is_address(words: str) -> bool:
    try:
        if words:
            validate_email(words)
    except ValidationError:
        return False
    return True


def _person(said: Mapping[str, str], language: Language) -> tuple[ContactData, list[str]]:
    languages, _strange = columns.language_codes(said.get("language", ""))
    regions, no_region = columns.region_codes(said.get("regions", ""))
    beats, no_beat = columns.beat_codes(said.get("beats", ""))
    channels, no_channel = columns.channel_codes(said.get("channels", ""))
    person = ContactData(
        outlet=said["outlet"],
        name=said["name"] or said["outlet"],
        address=said.get("address", ""),
        phone=said.get("phone", ""),
        messenger=said.get("messenger") if "messenger" in said else None,
        language=Language(languages[0]) if languages else language,
        also_reads=languages[1:] if "language" in said else None,
        regions=regions if "regions" in said else None,
        beats=beats if "beats" in said else None,
        channels=channels if "channels" in said else None,
    )
    return person, [*no_region, *no_beat, *no_channel]
