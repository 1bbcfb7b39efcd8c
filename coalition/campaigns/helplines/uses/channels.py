"""Ways to reach a line as a use carries them: compared with the register, and found in texts."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from coalition.campaigns.helplines.contact import channels_of
from coalition.campaigns.helplines.enums import ChannelKind
from coalition.campaigns.helplines.models import HelplineEntry

type StoredChannel = Mapping[str, Any]

_DIALLED: Final = frozenset({ChannelKind.PHONE, ChannelKind.WHATSAPP})
_NATIONAL_PREFIX: Final = re.compile(r"8(?=\d{10}$)")


def plain_value(kind: str, value: str) -> str:
    """Return what makes two values the same: of a number its digits, of anything else `plain_address`."""
    return plain_number(value) if kind in _DIALLED else plain_address(value)


def plain_number(value: str) -> str:
    """Return the digits of a phone number; 8 and ten digits, as dialled within the country, are +7 and
    these."""
    return _NATIONAL_PREFIX.sub("7", re.sub(r"\D", "", value))


def plain_address(value: str) -> str:
    """Return an address without what may stand before and after it; of WhatsApp's the number alone, of
    Telegram's the name alone."""
    plain = value.strip().lower()
    for start in ("mailto:", "https://", "http://", "www."):
        plain = plain.removeprefix(start)
    plain = plain.partition("?")[0].rstrip("/.,;:!)»”")
    for start in ("wa.me/", "t.me/", "telegram.me/", "@"):
        plain = plain.removeprefix(start)
    return plain


def channel_key(channel: StoredChannel) -> str:
    """Return a key for forms: the kind and the plain value."""
    return f"{channel['kind']}:{plain_value(channel['kind'], channel['value'])}"


def stored_channels(entry: HelplineEntry | None) -> list[StoredChannel]:
    """Return the ways of an entry as uses store them, in the order of the public page."""
    channels = channels_of(entry.channels) if entry is not None else []
    return [{"kind": one.kind.value, "value": one.value} for one in channels]


def channels_changed(used: Iterable[StoredChannel], entry: HelplineEntry) -> list[StoredChannel]:
    """Return those of the used ways that the entry does not have any more."""
    known = {channel_key(one) for one in entry.channels}
    return [one for one in used if channel_key(one) not in known]


def channel_labels(channels: Iterable[StoredChannel]) -> list[str]:
    """Return the ways with their kinds in the active language: “Phone: 150”."""
    return [f"{one.label}: {one.value}" for one in channels_of([dict(one) for one in channels])]
