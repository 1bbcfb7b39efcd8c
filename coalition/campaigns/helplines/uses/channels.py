"""Ways to reach a line as a use carries them: compared, and shown as people dial and write them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from coalition.campaigns.helplines.enums import ChannelKind
from coalition.campaigns.helplines.models import HelplineEntry

type Channel = Mapping[str, Any]

_DIALLED: Final = frozenset({ChannelKind.PHONE, ChannelKind.WHATSAPP})
_MARKS: Final = re.compile(r"[\s\u00a0()\-\u2010-\u2015.]")
_ORDER: Final = {kind: place for place, kind in enumerate(ChannelKind.values)}


def plain_value(kind: str, value: str) -> str:
    """Return what makes two values the same: of a number its digits, of anything else `plain_address`."""
    if kind in _DIALLED and "/" not in value:
        return plain_number(value)
    return plain_address(value)


def plain_number(value: str) -> str:
    """Return the digits of a phone number; `8 7…` as people dial within the country counts as `+7 7…`."""
    digits = _MARKS.sub("", value).removeprefix("+")
    return f"7{digits[1:]}" if len(digits) == 11 and digits.startswith("8") else digits


def plain_address(value: str) -> str:
    """Return an address without what may stand before and after it; of WhatsApp's the number alone, of
    Telegram's the name alone."""
    plain = value.strip().lower()
    for start in ("mailto:", "https://", "http://", "www."):
        plain = plain.removeprefix(start)
    plain = plain.partition("?")[0].rstrip("/.,;:")
    return plain.removeprefix("wa.me/").removeprefix("t.me/").removeprefix("@")


def channel_key(channel: Channel) -> str:
    """Return a key for forms: the kind and the plain value."""
    return f"{channel['kind']}:{plain_value(channel['kind'], channel['value'])}"


def channels_of(entry: HelplineEntry | None) -> list[Channel]:
    """Return the ways of an entry, chat and messengers first."""
    channels: list[Channel] = list(entry.channels) if entry is not None else []
    return sorted(channels, key=lambda one: _ORDER.get(one["kind"], len(_ORDER)))


def channels_changed(used: Iterable[Channel], entry: HelplineEntry) -> list[Channel]:
    """Return those of the used ways that the entry does not have any more."""
    known = {channel_key(one) for one in entry.channels}
    return [one for one in used if channel_key(one) not in known]


def label_of(channel: Channel) -> str:
    """Return the way with its kind in the active language: “Phone: 150”."""
    kind = channel["kind"]
    label = str(ChannelKind(kind).label) if kind in ChannelKind.values else kind
    return f"{label}: {channel['value']}"
