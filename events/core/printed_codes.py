"""The code that a journalist shows at the door.

Derived with the site's key, so that every mail can carry it while the database keeps its hash only. It tells
nothing: twelve letters and digits that cannot be mistaken for each other when read aloud.
"""

import logging
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError
from django.utils.crypto import salted_hmac

from coalition.core.clock import now
from events.core.models import PrintedCode

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ3456789"
_LONG = 12


def code_of(uuid: UUID) -> str:
    """The code, without its hyphens."""
    digest = salted_hmac("events.press_code", str(uuid), algorithm="sha256").digest()
    number, letters = int.from_bytes(digest), ""
    for _place in range(_LONG):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return letters


def shown(code: str) -> str:
    """In fours, as people read it aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def tidy(words: str) -> str:
    """What somebody typed or scanned, as `code_of` writes it."""
    return re.sub(r"[\s\-–—]", "", words).upper()


# --- printed codes ---
# Codes on paper: made once for a thing, led on for as long as anybody reads the paper.


LENGTH = 8  # of 30 letters: 39 bits. What stands behind a code is public; the code keeps nobody out

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leads:
    """Where a code leads now. `address`: the public page of its thing, "" if it has none now; `way_on`: a
    public page near it, "" if nobody may know of that either."""

    address: str = ""
    way_on: str = ""


type LeadsTo = Callable[[UUID, str], Leads]
type Opened = Callable[[UUID], None]


@dataclass(frozen=True)
class _Kind:
    leads_to: LeadsTo
    opened: Opened | None


_kinds: dict[str, _Kind] = {}


def register_kind(kind: str, leads_to: LeadsTo, opened: Opened | None = None) -> None:
    """Say where codes of a kind lead: `leads_to(target, language)`, asked at every reading, and as strict as
    the public pages are. Register in `AppConfig.ready()`.

    `opened(target)`, if given, is called once for each person whom a code leads on: two quick statements at
    most, since that person waits.
    """
    _kinds[kind] = _Kind(leads_to, opened)


def code_for(kind: str, target: UUID) -> str:
    """The code of a thing, made on first use. Raises LookupError for a kind that nobody registered."""
    if kind not in _kinds:
        raise LookupError(f"unknown kind of printed code: {kind}")
    made, _new = PrintedCode.objects.get_or_create(
        kind=kind, target=target, defaults={"code": _fresh(), "made_at": now()}
    )
    return made.code


def codes_for(kind: str, targets: list[UUID]) -> dict[UUID, str]:
    """The codes of several things that have theirs already: one query."""
    rows = PrintedCode.objects.filter(kind=kind, target__in=targets)
    return dict(rows.values_list("target", "code"))


def make_codes(kind: str, targets: Collection[UUID]) -> dict[UUID, str]:
    """Return the codes of several things; those without one get theirs. Four statements, however many.

    Call inside a transaction. Raises LookupError for a kind that nobody registered.
    """
    if kind not in _kinds:
        raise LookupError(f"unknown kind of printed code: {kind}")
    known = codes_for(kind, list(targets))
    missing = [target for target in targets if target not in known]
    if not missing:
        return known
    moment, fresh = now(), _fresh_codes(len(missing))
    PrintedCode.objects.bulk_create(
        [
            PrintedCode(code=code, kind=kind, target=target, made_at=moment)
            for target, code in zip(missing, fresh, strict=True)
        ],
        ignore_conflicts=True,  # another process may make one for the same thing
    )
    return codes_for(kind, list(targets))


def find_code(words: str) -> PrintedCode | None:
    """Return the code that was typed or scanned, or None."""
    return PrintedCode.objects.filter(code=tidy(words)).first()


def destination_of(found: PrintedCode | None, language: str) -> Leads:
    """Where a code that was found leads a reader of this language."""
    if found is None or found.kind not in _kinds:
        return Leads()
    return _kinds[found.kind].leads_to(found.target, language)


def note_opening(found: PrintedCode) -> None:
    """Tell the kind that a person was led on by one of its codes. A database that cannot write for the moment
    keeps nobody from the page: it is logged, and this opening is not counted."""
    kind = _kinds.get(found.kind)
    if kind is None or kind.opened is None:
        return
    try:
        kind.opened(found.target)
    except DatabaseError as fault:
        logger.warning("an opening of a printed code was not counted: %s", type(fault).__name__)


def _fresh() -> str:
    """A code that no paper has yet, whatever its kind."""
    return _fresh_codes(1)[0]


def _fresh_codes(count: int) -> list[str]:
    """Return so many different codes that no paper has yet."""
    while True:
        codes = {"".join(secrets.choice(LETTERS) for _place in range(LENGTH)) for _code in range(count)}
        if len(codes) == count and not PrintedCode.objects.filter(code__in=codes).exists():
            return list(codes)
