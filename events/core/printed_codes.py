"""Codes on paper: made once for a thing, led on for as long as anybody reads the paper."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from coalition.core.clock import now
from events.core.models.printed_code import PrintedCode
from events.core.press_codes import LETTERS, tidy

LENGTH = 8  # of 30 letters: 39 bits. What stands behind a code is public; the code keeps nobody out


@dataclass(frozen=True)
class Leads:
    """Where a code leads now. `address`: the public page of its thing, "" if it has none now; `way_on`: a
    public page near it, "" if nobody may know of that either."""

    address: str = ""
    way_on: str = ""


type LeadsTo = Callable[[UUID, str], Leads]

_kinds: dict[str, LeadsTo] = {}


def register_kind(kind: str, leads_to: LeadsTo) -> None:
    """Say where codes of a kind lead: `leads_to(target, language)`, asked at every reading, and as strict as
    the public pages are. Register in `AppConfig.ready()`."""
    _kinds[kind] = leads_to


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


def read_code(words: str, language: str) -> Leads:
    """Where a code leads a reader of this language, typed or scanned; nowhere if it is none."""
    found = PrintedCode.objects.filter(code=tidy(words)).first()
    if found is None or found.kind not in _kinds:
        return Leads()
    return _kinds[found.kind](found.target, language)


def _fresh() -> str:
    """A code that no paper has yet, whatever its kind."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
        if not PrintedCode.objects.filter(code=code).exists():
            return code
