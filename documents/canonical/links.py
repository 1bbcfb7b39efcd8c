"""Allowed link targets in an approved text, and the normal form of addresses."""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.canonical.characters import check_characters, normal_text
from documents.canonical.editor_schema import LIMITS
from documents.canonical.serialise import CanonicalError

_MAILBOX: Final = re.compile(r"[^\s@,;:<>()\"\\]+@[^\s@,;:<>()\"\\]+\.[^\s@,;:<>()\"\\]+")
_TELEPHONE: Final = re.compile(r"\+?[0-9*#]{2,20}")
_HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)*\.?|\[[0-9a-f:.]+\]")
_FORBIDDEN: Final = re.compile(r"[\s\\<>\"`{}|^]")
_MAIL_FIELDS: Final = frozenset({"subject", "body"})

_REASONS: Final[dict[str, str | Promise]] = {
    "link_empty": _("A link leads nowhere. Give it an address or remove it."),
    "link_relative": _(
        "The link “%(href)s” is not a whole address. Write it from the beginning, with https://."
    ),
    "link_scheme": _(
        "The link “%(href)s” is of a kind that is not allowed. "
        "Links begin with https://, http://, mailto: or tel:."
    ),
    "link_broken": _("The address “%(href)s” is not written correctly. Copy it anew."),
    "link_disguised": _(
        "The link “%(href)s” has a name before an @ sign, which hides where it leads. "
        "Write the address without it."
    ),
    "link_long": _("The address “%(href)s” is too long. The limit is %(limit)d characters."),
}


def _refuse(code: str, href: str, path: str) -> CanonicalError:
    shown = href if len(href) <= 80 else f"{href[:79]}…"
    return CanonicalError(code, _REASONS[code], path, href=shown, limit=LIMITS.href)


def _web(parts: SplitResult, href: str, path: str) -> str:
    try:
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _refuse("link_broken", href, path) from None
    if "@" in parts.netloc:
        raise _refuse("link_disguised", href, path)
    if not _HOST.fullmatch(host if ":" not in host else f"[{host}]"):
        raise _refuse("link_broken", href, path)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _mail(parts: SplitResult, href: str, path: str) -> str:
    fields = {name.lower() for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    if not _MAILBOX.fullmatch(parts.path) or parts.fragment or fields - _MAIL_FIELDS:
        raise _refuse("link_broken", href, path)
    return f"mailto:{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _telephone(href: str, path: str) -> str:
    number = re.sub(r"[\s().\u2010-\u2015-]", "", href[len("tel:") :])
    if not _TELEPHONE.fullmatch(number):
        raise _refuse("link_broken", href, path)
    return f"tel:{number}"


def normal_href(href: str, path: str) -> str:
    """Return the address in its normal form, or raise CanonicalError with the reason.

    Allowed are http and https with a host and without a user name, mailto with one address
    (optionally a subject and a body), and tel. The scheme and the host are lower-cased,
    separators are removed from telephone numbers, and the rest is unchanged.
    """
    href = normal_text(href, path)
    check_characters(href, path)
    if not href:
        raise _refuse("link_empty", href, path)
    if len(href) > LIMITS.href:
        raise _refuse("link_long", href, path)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", href)
    if not scheme:
        raise _refuse("link_relative", href, path)
    kind = scheme.group(1).lower()
    if kind == "tel":
        return _telephone(href, path)
    if kind not in {"http", "https", "mailto"}:
        raise _refuse("link_scheme", href, path)
    if _FORBIDDEN.search(href):
        raise _refuse("link_broken", href, path)
    try:
        parts = urlsplit(href)
    except ValueError:
        raise _refuse("link_broken", href, path) from None
    return _mail(parts, href, path) if kind == "mailto" else _web(parts, href, path)
