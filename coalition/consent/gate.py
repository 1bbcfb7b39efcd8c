"""The gate: whether an item that shows a person may be shown, asked at every access.

One query for a page, however many items it has: the gate loads every item under consent, with whether it may
be shown in this place and language now. An item under no consent passes. An item under several needs all.

Nothing is derived and stored: expiry, a missed review and a caseworker who left close the gate by themselves.
"""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from coalition.consent.enums import Answer, ConsentRoleKind, Form, Place
from coalition.consent.items import ShownItem
from coalition.consent.models import ConsentItem, ConsentScope, ConsentUse, LegalReading, active_roles
from coalition.core.clock import now
from coalition.prepared import Prepared

ZONE: Final = ZoneInfo("Asia/Almaty")  # days of consent are days there

_COLUMNS: Final = ("kind", "key", "sha256", "is_allowed", "digest", "needs_lawyer", "read", "earlier_hashes")

_copying: ContextVar[bool] = ContextVar("copying", default=False)


@contextmanager
def showing_nothing() -> Iterator[None]:
    """Close every gate in the block: for copies that cannot be called back, such as the mirror."""
    token = _copying.set(True)
    try:
        yield
    finally:
        _copying.reset(token)


@dataclass(frozen=True)
class _Standing:
    """One item under one consent. `digest`: what she agreed to; `read`: what a lawyer cleared."""

    allowed: bool
    digest: str
    needs_lawyer: bool
    read: str

    @property
    def is_open(self) -> bool:
        """Whether it may be shown with other words: allowed, and cleared by a lawyer where one is needed, as
        she agreed to it."""
        return self.allowed and (not self.needs_lawyer or self.read == self.digest != "")

    def passes(self, item: ShownItem) -> bool:
        is_read = not self.needs_lawyer or self.read == item.digest
        return self.allowed and self.digest == item.digest and is_read


_CLOSED: Final = _Standing(allowed=False, digest="", needs_lawyer=False, read="")


@dataclass
class ConsentGate:
    """Items under consent, for one place and language at one moment. Loaded once, on first use."""

    place: Place
    language: str
    moment: datetime.datetime = field(default_factory=now)
    _by_key: dict[tuple[str, str], list[_Standing]] = field(default_factory=dict)
    _by_hash: dict[str, list[_Standing]] = field(default_factory=dict)
    is_loaded: bool = False

    def may_show(self, item: ShownItem) -> bool:
        """Whether the item passes: it is under no consent, or every consent allows it as it stands.

        Another consent on the same bytes counts too (`may_show_bytes`).
        """
        found = self._standings(item.kind, item.key)
        if found and (_copying.get() or not all(one.passes(item) for one in found)):
            return False
        return not item.sha256 or self.may_show_bytes(item.sha256)

    def may_show_bytes(self, sha256: str) -> bool:
        """Whether bytes with this hash may be shown, with other words than those of the item: a picture in
        an approved text has the caption that organisations approved."""
        self._load()
        found = self._by_hash.get(sha256, [])
        return not found or (not _copying.get() and all(one.is_open for one in found))

    def is_under_consent(self, kind: str, key: str) -> bool:
        return bool(self._standings(kind, key))

    def holds_bytes(self, sha256: str) -> bool:
        """Whether an item with this hash is under consent."""
        self._load()
        return sha256 in self._by_hash

    def keys_under_consent(self, kind: str) -> set[str]:
        return {key for name, key in self._load() if name == kind}

    def blocked_keys(self, kind: str) -> set[str]:
        """Return keys of this kind that may not be shown whatever their words: to exclude rows in SQL.

        An item that changed since she agreed is found by `may_show` only."""
        by_key = self._load()
        return {
            key
            for (name, key), found in by_key.items()
            if name == kind and (_copying.get() or not all(one.is_open for one in found))
        }

    def blocked_hashes(self) -> set[str]:
        """Return SHA-256 hashes of bytes that may not be shown."""
        self._load()
        return {
            sha256
            for sha256, found in self._by_hash.items()
            if _copying.get() or not all(one.is_open for one in found)
        }

    def _standings(self, kind: str, key: str) -> list[_Standing]:
        return self._load().get((kind, key), [])

    def _load(self) -> dict[tuple[str, str], list[_Standing]]:
        if not self.is_loaded:
            self.is_loaded = True
            for _language, *row in language_rows(self.place, [self.language], self.moment):
                self.add_row(*row)
        return self._by_key

    def add_row(
        self,
        kind: str,
        key: str,
        sha256: str,
        allowed: bool,
        digest: str | None,
        needs: bool,
        read: str | None,
        earlier: str,
    ) -> None:
        """Add an item under one consent, as `_rows` returns it."""
        one = _Standing(bool(allowed), digest or "", bool(needs), read or "")
        self._by_key.setdefault((kind, key), []).append(one)
        if sha256:
            self._by_hash.setdefault(sha256, []).append(one)
        for former in earlier.split():
            self._by_hash.setdefault(former, []).append(_CLOSED)


def may_show(item: ShownItem, place: Place, language: str, moment: datetime.datetime | None = None) -> bool:
    """Whether this item may be shown in this place and language at this moment (default: now). One query."""
    return ConsentGate(place, language, moment or now()).may_show(item)


def showable(
    items: Iterable[ShownItem], place: Place, language: str, moment: datetime.datetime | None = None
) -> list[ShownItem]:
    """Return those of the items that may be shown. One query."""
    gate = ConsentGate(place, language, moment or now())
    return [item for item in items if gate.may_show(item)]


def may_work_with(item: ShownItem, moment: datetime.datetime | None = None) -> bool:
    """Whether members may still open the item: until a consent of it is withdrawn or expires, or she has said
    no to a use and yes to none. Asking again does not open it. One query."""
    same = Q(kind=item.kind, key=item.key) | with_bytes([item.sha256])
    return not ended_items(moment).filter(same).exists()


def with_bytes(hashes: Iterable[str]) -> Q:
    """Return the condition for items that have, or had, bytes with one of these SHA-256 hashes."""
    known = [one for one in hashes if one]
    same = Q(sha256__in=known)
    for one in known:
        same |= Q(earlier_hashes__contains=one)
    return same


def ended_items(moment: datetime.datetime | None = None) -> QuerySet[ConsentItem]:
    """Return items that members may no longer open (`may_work_with`), and nobody who has the same bytes."""
    today = day_of(moment or now())
    own = ConsentUse.objects.filter(item=OuterRef("pk"))
    agreed = own.filter(ended_at=None, answer=Answer.AGREED)
    said_no = Exists(own.exclude(ended_at=None)) & ~Exists(agreed)
    ended = Q(consent__withdrawn_at__isnull=False) | Q(consent__until__lt=today) | said_no | ~Exists(own)
    return _attached().filter(ended)


def day_of(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(ZONE).date()


def _attached() -> QuerySet[ConsentItem]:
    return ConsentItem.objects.filter(detached_at=None)


def language_rows(
    place: Place, languages: Iterable[str], moment: datetime.datetime
) -> Iterable[tuple[Any, ...]]:
    """Return the language and what `_rows` returns, for several languages in one query."""
    return _LANGUAGE_ROWS(place=str(place), languages=[*languages], moment=moment, today=day_of(moment))


def _language_rows(
    place: str, languages: list[str], moment: datetime.datetime, today: datetime.date
) -> QuerySet[ConsentItem, tuple[Any, ...]]:
    first, *others = (
        _rows(place, code, moment, today).order_by().annotate(code=Value(code)).values_list("code", *_COLUMNS)
        for code in languages
    )
    return first.union(*others, all=True).order_by() if others else first


_LANGUAGE_ROWS = Prepared(_language_rows)


def _rows(
    place: str, language: str, moment: datetime.datetime, today: datetime.date
) -> QuerySet[ConsentItem, tuple[Any, ...]]:
    """Return kind, key, sha256, whether it is allowed, agreed digest, needs a lawyer, cleared digest, hashes
    of earlier bytes."""
    caseworker = active_roles(ConsentRoleKind.CASEWORKER).filter(
        person=OuterRef("consent__caseworker"), organisation=OuterRef("consent__organisation")
    )
    allowed = Q(
        Exists(caseworker),
        consent__withdrawn_at=None,
        consent__until__gte=today,
        consent__review_on__gt=today,
        consent__identifies=False,
    )
    for form in Form:
        scope = ConsentScope.objects.filter(
            consent=OuterRef("consent"),
            form=form,
            place=place,
            language=language,
            ended_at=None,
            usable_from__lte=moment,
        )
        allowed &= Q(**{f"shows_{form.value}": False}) | Q(Exists(scope))
    agreed = ConsentUse.objects.filter(
        item=OuterRef("pk"),
        place=place,
        language=language,
        ended_at=None,
        answer=Answer.AGREED,
        usable_from__lte=moment,
    )
    readings = LegalReading.objects.filter(kind=OuterRef("kind"), key=OuterRef("key")).order_by("-pk")
    cleared = Case(When(cleared=True, then=F("digest")), default=Value(""))
    rows = _attached().annotate(
        is_allowed=Case(When(allowed & Q(Exists(agreed)), then=True), default=False),
        digest=Subquery(agreed.values("agreed_digest")[:1]),
        read=Subquery(readings.annotate(now_cleared=cleared).values("now_cleared")[:1]),
    )
    return rows.values_list(*_COLUMNS)
