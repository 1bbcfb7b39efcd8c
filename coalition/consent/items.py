"""Kinds of items that can show a person, registered by the layers that own them.

An item is a `ShownItem`: its kind, its key, the hash of its bytes, and every word that goes out with it
(title, caption, file name, description, text). The digest covers all of these.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from coalition.accounts.models import User
from coalition.consent.enums import DetailKind, Form, Place


@dataclass(frozen=True)
class ShownItem:
    """An item as it stands now. `key`: unique among its kind; `words`: all that goes out with it; `beside`:
    hashes of other bytes that are shown with it."""

    kind: str
    key: str
    sha256: str = ""
    words: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return the hex SHA-256 of bytes and words."""
        parts = [self.kind, self.key, self.sha256, *self.beside, *self.words]
        content = json.dumps(parts, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class ItemDescription:
    """An item for people who work with it: `url` where members see it, `public_url` where the public does.
    `outside_title`: how outsiders know it, if not by its title."""

    item: ShownItem
    title: str
    url: str = ""
    public_url: str = ""
    outside_title: str | None = None


@dataclass(frozen=True)
class Taker:
    """Who took an item in a place: a name, and an address if one is known."""

    name: str
    place: Place
    address: str = ""
    language: str = "kk"


@dataclass(frozen=True, kw_only=True)
class ItemKind:
    """A kind of item.

    `forms`: what it can contain of a person. `describe(keys)`: the items by key, without those that are
    gone. `may_attach(person, key)`: whether the person may say whom it shows. `changed(key)`: called inside
    the transaction when an item comes under consent.
    """

    name: str
    label: str | Promise
    forms: Sequence[Form]
    describe: Callable[[Collection[str]], Mapping[str, ItemDescription]]
    may_attach: Callable[[User, str], bool]
    changed: Callable[[str], None] = lambda _key: None


_kinds: dict[str, ItemKind] = {}


def register_item_kind(kind: ItemKind) -> None:
    """Register from `AppConfig.ready()`."""
    _kinds[kind.name] = kind


def item_kind(name: str) -> ItemKind:
    """Return the kind. Raises LookupError if nobody registered it."""
    return _kinds[name]


def item_kinds() -> list[ItemKind]:
    return list(_kinds.values())


type TakerSource = Callable[[str], Iterable[Taker]]

_taker_sources: Final[dict[str, list[TakerSource]]] = {}


def register_takers(kind: str, source: TakerSource) -> None:
    """Register `source(key)`: who took an item of this kind through a feature of a higher layer."""
    _taker_sources.setdefault(kind, []).append(source)


def takers_of(kind: str, key: str) -> list[Taker]:
    """Return who took the item, each once."""
    found = [taker for source in _taker_sources.get(kind, ()) for taker in source(key)]
    return list(dict.fromkeys(found))


def describe_items(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], ItemDescription]:
    """Return descriptions by (kind, key), without items that are gone: as many queries as kinds need."""
    keys: dict[str, set[str]] = {}
    for kind, key in pairs:
        keys.setdefault(kind, set()).add(key)
    found: dict[tuple[str, str], ItemDescription] = {}
    for name, wanted in keys.items():
        if name in _kinds:
            found |= {(name, key): one for key, one in _kinds[name].describe(wanted).items()}
    return found


type Changes = Sequence[tuple[str, str, str]]
type ChangeListener = Callable[[Changes], None]

_change_listeners: Final[list[ChangeListener]] = []


def register_change_listener(listener: ChangeListener) -> None:
    """Register `listener([(kind, key, sha256), …])`, called in the transaction that puts items under consent,
    and whenever they may be shown again or no longer: for copies, lists and indexes of higher layers."""
    _change_listeners.append(listener)


def notify_changes(changes: Changes) -> None:
    for listener in _change_listeners:
        listener(changes)


def outside_title(kind: str, described: ItemDescription | None) -> str:
    """Return the words under which outsiders know an item: never a file name."""
    if described is None:
        return str(item_kind(kind).label)
    title = described.title if described.outside_title is None else described.outside_title
    return title or str(item_kind(kind).label)


type DetailFinder = Callable[[str], Iterable[DetailKind]]
type PointerFinder = Callable[[str], bool]

# Languages of words are often unknown (file names), so finders try all of them.
_detail_finders: Final[list[DetailFinder]] = []
_pointer_finders: Final[list[PointerFinder]] = []


def register_word_finders(*, details: DetailFinder, pointers: PointerFinder) -> None:
    """Register what finds identifying details in words, and words that may point to an accused person or
    a workplace."""
    _detail_finders.append(details)
    _pointer_finders.append(pointers)


def details_in(item: ShownItem) -> set[DetailKind]:
    """Return kinds of identifying details found in the item's words."""
    return {kind for find in _detail_finders for words in item.words for kind in find(words)}


def may_point_to_somebody(item: ShownItem) -> bool:
    """Whether the item's words may point to an accused person or a workplace."""
    return any(find(words) for find in _pointer_finders for words in item.words)
