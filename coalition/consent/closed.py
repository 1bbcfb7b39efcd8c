"""What members may no longer open, and whose files must not be public: asked for many rows at once.

`gate.may_work_with` says it of one item; here one query answers for all of a request.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q
from wagtail.models import Locale, Page

from coalition.consent.enums import Place
from coalition.consent.files import BYTES, item_of_name
from coalition.consent.gate import ended_items
from coalition.consent.models import ConsentItem
from coalition.consent.shared_gates import PlaceGates, gates_of
from coalition.consent.site import IMAGE, PAGE, VIDEO, row_numbers
from coalition.consent.storage import PREFIX

_MEMORY: Final = "closed to members"


@dataclass(frozen=True)
class Items:
    """Items by their keys, and the hashes of the bytes of those that are files."""

    keys: frozenset[tuple[str, str]] = frozenset()
    hashes: frozenset[str] = frozenset()

    def of_kind(self, kind: str) -> set[str]:
        return {key for name, key in self.keys if name == kind}

    def has_row(self, kind: str, row: Any) -> bool:
        """Whether a picture or video is among the items: by its key, its bytes, or what it is a part of."""
        bytes_of = {getattr(row, "sha256", ""), row.bytes_sha256} - {""}
        if (kind, str(row.pk)) in self.keys or not bytes_of.isdisjoint(self.hashes):
            return True
        beside = item_of_name(str(row.file.name))
        return beside is not None and (
            beside in self.keys or (beside[0] == BYTES and beside[1] in self.hashes)
        )

    def rows(self, kind: str) -> Q:
        """Return the condition for pictures or videos that `has_row` finds."""
        found = Q(pk__in=row_numbers(self.of_kind(kind))) | Q(bytes_sha256__in=self.hashes)
        if kind == IMAGE:
            found |= Q(sha256__in=self.hashes)
            for key in self.of_kind(VIDEO):
                found |= Q(file__startswith=f"{PREFIX}{VIDEO}/{key}/")
        return found


@dataclass(frozen=True)
class _Closed:
    """What members may no longer open. `pages`: by translation key, whether that of a language is ended;
    `locales`: language codes by primary key, empty if no page is closed."""

    items: Items
    pages: dict[str, dict[str, bool]] = field(default_factory=dict)
    locales: dict[int, str] = field(default_factory=dict)


def items_under_consent() -> Items:
    """Return all items under consent as they are now, whatever a request remembers. One query."""
    return _items(ConsentItem.objects.filter(detached_at=None).values_list(*_COLUMNS))


def closed_items() -> Items:
    """Return items that members may no longer open. One query in a request."""
    return _closed().items


def is_closed_page(page: Page) -> bool:
    """Whether members may no longer open the page: its consent has ended, or that of a translation, which
    has the same words, and it has none of its own. No query for each page."""
    found = _closed()
    states = found.pages.get(str(page.translation_key))
    if states is None:
        return False
    own = found.locales.get(page.locale_id, "")
    return states[own] if own in states else any(states.values())


_COLUMNS: Final = ("kind", "key", "sha256", "earlier_hashes")


def _items(rows: Iterable[tuple[str, str, str, str]]) -> Items:
    keys, hashes = set(), set()
    for kind, key, sha256, earlier in rows:
        keys.add((kind, key))
        if kind != PAGE:
            hashes |= {sha256, *earlier.split()} - {""}
    return Items(frozenset(keys), frozenset(hashes))


def _closed() -> _Closed:
    gates = gates_of(Place.SITE)
    if _MEMORY not in gates.memory:
        gates.memory[_MEMORY] = _find_closed(gates)
    found: _Closed = gates.memory[_MEMORY]
    return found


def _find_closed(gates: PlaceGates) -> _Closed:
    items = _items(ended_items().values_list(*_COLUMNS))
    ended = items.of_kind(PAGE)
    if not ended:
        return _Closed(items)
    pages: dict[str, dict[str, bool]] = {}
    gate = next(iter(gates.by_language.values()))
    for key in gate.keys_under_consent(PAGE) | ended:
        uuid, _dot, code = key.rpartition(".")
        pages.setdefault(uuid, {})[code] = key in ended
    return _Closed(items, pages, dict(Locale.objects.values_list("pk", "language_code")))
