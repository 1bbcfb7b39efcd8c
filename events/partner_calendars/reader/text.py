"""Texts of a partner's event, safe for display: plain, short, without deceptive characters."""

import re
from dataclasses import dataclass
from typing import Final

from events.partner_calendars.reader.parser import EventBlock
from events.partner_calendars.reader.rejected import SetAside

LONGEST_TITLE: Final = 300
LONGEST_PLACE: Final = 420  # the longest place of our own events, with its address
LONGEST_TEXT: Final = 2000
_TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_PRIVATE_CLASSES: Final = frozenset({"PRIVATE", "CONFIDENTIAL"})


@dataclass(frozen=True)
class PartnerEventTexts:
    """Texts of an event; empty where the partner withholds them."""

    title: str = ""
    place: str = ""
    text: str = ""


def read_event_texts(block: EventBlock) -> PartnerEventTexts:
    """Return title, place and text of an event. Raises SetAside for invalid characters."""
    if block.value("CLASS").upper() in _PRIVATE_CLASSES:
        return PartnerEventTexts()
    return PartnerEventTexts(
        title=_one_line(block, "SUMMARY")[:LONGEST_TITLE],
        place=_one_line(block, "LOCATION")[:LONGEST_PLACE],
        text=_plain(block, "DESCRIPTION"),
    )


def check_text_characters(block: EventBlock) -> None:
    """Raise SetAside for NUL and for undecodable characters: the source is broken here."""
    for line in block.lines:
        if "\0" in line.value or "\0" in line.params:
            raise SetAside("control_characters")
        if "\ufffd" in line.value:
            raise SetAside("encoding")


def _plain(block: EventBlock, name: str) -> str:
    text = _ESCAPED.sub(_unescaped, block.value(name)[: 4 * LONGEST_TEXT])
    text = _TURNS_DIRECTION.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    return _CONTROL.sub("", text)[:LONGEST_TEXT].strip()


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found.group(1) in "nN" else found.group(1)


def _one_line(block: EventBlock, name: str) -> str:
    return " ".join(_plain(block, name).split())
