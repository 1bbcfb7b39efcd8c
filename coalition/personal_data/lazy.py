"""Lazy reference to one value of a row; on first access all waiting values are loaded together."""

import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from coalition.personal_data import store


class _UnreadValues:
    """Unread values of the rows loaded in one thread. The first access loads all of them in one
    query, so a list of people costs as much as one person. References are weak: discarded rows
    are not loaded."""

    def __init__(self) -> None:
        self._places: WeakSet[LazyValue] = WeakSet()
        self._lock = threading.RLock()  # rows may be read in another thread than the one that loaded them

    def add(self, place: "LazyValue") -> None:
        with self._lock:
            self._places.add(place)

    def bring(self, asked: "LazyValue") -> None:
        with self._lock:
            places = {*self._places, asked}
            found = store.fetch_values({one.key for one in places})
            for one in places:
                one.take(found.get(one.key, ""))
            self._places.clear()


class _ThreadValues(threading.local):
    def __init__(self) -> None:
        self.waiting = _UnreadValues()


_thread_values = _ThreadValues()
UNREAD: Any = object()


class LazyValue:
    """The value of one field of one row. `key`: its key, "" if it is new; `replaced`: keys of
    the values it replaces. `original`: as stored, None until read. `is_new`: stored for a row
    that is not written yet."""

    __slots__ = ("__weakref__", "_python", "_waiting", "is_new", "key", "original", "replaced", "value")

    def __init__(self, key: str, *, python: Callable[[str], Any], replaced: frozenset[str] = frozenset()):
        self.key, self.replaced, self._python = key, replaced, python
        self.original: str | None = None
        self.value = UNREAD
        self.is_new = False
        self._waiting: _UnreadValues | None = None

    def wait(self) -> "LazyValue":
        """Register to be loaded together with other values found in this thread."""
        self._waiting = _thread_values.waiting
        self._waiting.add(self)
        return self

    def take(self, plain: str) -> None:
        """Set the stored value."""
        self.original, self.value = plain, self._python(plain)

    def read(self) -> Any:
        """Return the value. A deleted value reads as empty. Raises `ContactsAway`."""
        if self.value is UNREAD:
            (self._waiting or _UnreadValues()).bring(self)
        return self.value

    @property
    def is_unread(self) -> bool:
        return self.value is UNREAD

    @property
    def keys(self) -> frozenset[str]:
        """Return its own key and those it replaces."""
        return self.replaced | {self.key} if self.key else self.replaced
