"""Ways to reach a line: what is accepted, how it is shown, where its link leads. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.helplines.enums import ChannelKind
from coalition.core.localized_text import LocalizedText

LONGEST_VALUE: Final = 200
_DIALLED: Final = re.compile(r"[+0-9][0-9 ()\-–]*")
_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
_SHORTEST_NUMBER, _LONGEST_NUMBER = 3, 15  # 111, 150; E.164 has 15 digits at most
_SHORTEST_INTERNATIONAL = 10


@dataclass(frozen=True)
class Channel:
    """One way to reach a line: `shown` as people dial or read it, `link` for `href`."""

    kind: ChannelKind
    value: str
    note: LocalizedText

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def link(self) -> str:
        """Return the address of the link."""
        return _LINKS[self.kind](self.value)

    @property
    def shown(self) -> str:
        """Return what is read: of a chat its host, else the number or name itself."""
        return urlsplit(self.value).hostname or "" if self.kind == ChannelKind.CHAT else self.value


def channels_of(rows: list[dict[str, Any]]) -> list[Channel]:
    """Return the stored channels in the order in which they are shown: chat and messengers first."""
    order = list(ChannelKind)
    found = [
        Channel(ChannelKind(row["kind"]), row["value"], LocalizedText(row.get("note")))
        for row in rows
        if row.get("kind") in ChannelKind.values
    ]
    return sorted(found, key=lambda one: order.index(one.kind))


def clean_channel(kind: ChannelKind, value: str) -> str:
    """Return what is stored of what somebody typed. Raises ValidationError in words."""
    return _CLEANERS[kind](" ".join(value.split()))


def _clean_phone(value: str) -> str:
    if any(letter.isalpha() for letter in value):
        raise ValidationError(_("There are letters in this number. Write digits, as people dial them."))
    if not _DIALLED.fullmatch(value):
        raise ValidationError(_("A phone number has digits, spaces, brackets and a plus sign in front."))
    if not _SHORTEST_NUMBER <= len(_digits(value)) <= _LONGEST_NUMBER:
        raise ValidationError(_("A phone number has from 3 to 15 digits."))
    return value


def _clean_whatsapp(value: str) -> str:
    number = re.sub(r"^(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send\?phone=)", "", value)
    return _international(number.rstrip("/"))


def _clean_telegram(value: str) -> str:
    name = re.sub(r"^(?:https?://)?(?:t\.me|telegram\.me)/", "", value).rstrip("/")
    if name.startswith("+") or (name and name[0].isdigit()):
        return _international(name)
    name = name.removeprefix("@")
    if not _USERNAME.fullmatch(name):
        raise ValidationError(
            _("A name in Telegram has 5 to 32 Latin letters, digits and underscores. Or give a number.")
        )
    return f"@{name}"


def _clean_mail(value: str) -> str:
    EmailValidator(message=_("This is not an e-mail address."))(value)
    return value


def _clean_chat(value: str) -> str:
    try:
        URLValidator(schemes=["https"])(value)
        parts = urlsplit(value)
    except (ValidationError, ValueError) as error:
        raise ValidationError(
            _("Give the whole address of the chat, beginning with https:// and the name of the site.")
        ) from error
    if parts.username is not None or parts.password is not None:
        raise ValidationError(_("The address must not hold a user name."))
    return value


def _international(value: str) -> str:
    """Return +, the country and the number. Eight in front of ten digits is Kazakhstan's own prefix."""
    _clean_phone(value)
    digits = _digits(value)
    if len(digits) == 11 and digits.startswith("8") and not value.startswith("+"):
        digits = f"7{digits[1:]}"
    if not _SHORTEST_INTERNATIONAL < len(digits) <= _LONGEST_NUMBER:
        raise ValidationError(_("Give the number with its country, for example +7 701 123 45 67."))
    if len(digits) == 11 and digits.startswith("7"):
        return f"+7 {digits[1:4]} {digits[4:7]} {digits[7:9]} {digits[9:]}"
    return f"+{digits}"


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value)


def _telegram_link(value: str) -> str:
    return f"https://t.me/+{_digits(value)}" if value.startswith("+") else f"https://t.me/{value[1:]}"


_CLEANERS: Final = {
    ChannelKind.CHAT: _clean_chat,
    ChannelKind.WHATSAPP: _clean_whatsapp,
    ChannelKind.TELEGRAM: _clean_telegram,
    ChannelKind.MAIL: _clean_mail,
    ChannelKind.PHONE: _clean_phone,
}
_LINKS: Final[dict[ChannelKind, Callable[[str], str]]] = {
    ChannelKind.CHAT: lambda value: value,
    ChannelKind.WHATSAPP: lambda value: f"https://wa.me/{_digits(value)}",
    ChannelKind.TELEGRAM: _telegram_link,
    ChannelKind.MAIL: lambda value: f"mailto:{value}",
    ChannelKind.PHONE: lambda value: f"tel:{'+' if value.startswith('+') else ''}{_digits(value)}",
}
