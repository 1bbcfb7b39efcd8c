"""The check-in code of a journalist.

Derived with the site's key, so that every mail can contain it while the database stores only its
hash. It carries no information: twelve letters and digits that are unambiguous when read aloud.
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
    """Return the code, without its hyphens."""
    digest = salted_hmac("events.press_code", str(uuid), algorithm="sha256").digest()
    number, letters = int.from_bytes(digest), ""
    for _place in range(_LONG):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return letters


def format_code(code: str) -> str:
    """Return the code in groups of four, to read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalise_code(words: str) -> str:
    """Normalise a typed or scanned code to the form of `code_of`."""
    return re.sub(r"[\s\-–—]", "", words).upper()


CODE_LENGTH = 8  # of 30 letters: 39 bits. The target is public; the code protects nothing

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CodeDestination:
    """Current target of a code. `address`: the public page of its object, "" if it has none now;
    `way_on`: a public page near it, "" if that is not public either."""

    address: str = ""
    way_on: str = ""


type DestinationResolver = Callable[[UUID, str], CodeDestination]
type OpeningListener = Callable[[UUID], None]
_kinds: dict[str, tuple[DestinationResolver, OpeningListener | None]] = {}


def register_code_kind(
    kind: str, leads_to: DestinationResolver, opened: OpeningListener | None = None
) -> None:
    """Register the targets of a kind of codes: `leads_to(target, language)`, called at every use,
    and as strict as the public pages. Register in `AppConfig.ready()`.

    `opened(target)`, if given, is called once for each person redirected: two quick statements at
    most, since that person waits.
    """
    _kinds[kind] = leads_to, opened


def code_for(kind: str, target: UUID) -> str:
    """Return the code of an object, created on first use. Raises LookupError for a kind that is not
    registered."""
    return make_codes(kind, [target])[target]


def codes_for(kind: str, targets: list[UUID]) -> dict[UUID, str]:
    """Return the existing codes of several objects: one query."""
    rows = PrintedCode.objects.filter(kind=kind, target__in=targets)
    return dict(rows.values_list("target", "code"))


def make_codes(kind: str, targets: Collection[UUID]) -> dict[UUID, str]:
    """Return the codes of several objects; create missing ones. Four statements, however many.

    Call inside a transaction. Raises LookupError for a kind that is not registered.
    """
    if kind not in _kinds:
        raise LookupError(f"unknown kind of printed code: {kind}")
    known = codes_for(kind, list(targets))
    missing = [target for target in targets if target not in known]
    if not missing:
        return known
    moment, fresh = now(), _unused_codes(len(missing))
    PrintedCode.objects.bulk_create(
        [
            PrintedCode(code=code, kind=kind, target=target, made_at=moment)
            for target, code in zip(missing, fresh, strict=True)
        ],
        ignore_conflicts=True,  # another process may create one for the same object
    )
    return codes_for(kind, list(targets))


def find_code(words: str) -> PrintedCode | None:
    """Return the code as typed or scanned, or None."""
    return PrintedCode.objects.filter(code=normalise_code(words)).first()


def resolve_printed_code(found: PrintedCode | None, language: str) -> CodeDestination:
    """Return the target of a code for a reader of this language."""
    if found is None or found.kind not in _kinds:
        return CodeDestination()
    return _kinds[found.kind][0](found.target, language)


def record_code_opening(found: PrintedCode) -> None:
    """Notify the kind that a person used one of its codes. If the database cannot write, the person
    is still redirected: the failure is logged, and this use is not counted."""
    _leads_to, opened = _kinds.get(found.kind, (None, None))
    if opened is None:
        return
    try:
        opened(found.target)
    except DatabaseError as fault:
        logger.warning("an opening of a printed code was not counted: %s", type(fault).__name__)


def _unused_codes(count: int) -> list[str]:
    """Return so many different codes not used yet."""
    while True:
        codes = {"".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH)) for _code in range(count)}
        if len(codes) == count and not PrintedCode.objects.filter(code__in=codes).exists():
            return list(codes)
