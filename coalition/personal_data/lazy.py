"""Where one value of a row is: read when it is asked for, together with all that wait beside it."""

import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from coalition.personal_data import store


class _UnreadValues:
    """Values of one thread's rows that nobody has read yet. The first that is asked for brings them all, in
    one query: a list of people costs what one of them costs. Rows that are gone are not waited for."""

    def __init__(self) -> None:
        self._places: WeakSet[LazyValue] = WeakSet()
        self._lock = threading.RLock()  # a row may be read in another thread than the one that found it

    def add(self, place: "Place") -> None:
        with self._lock:
            self._places.add(place)

    def bring(self, asked: "Place") -> None:
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
    """The value of one field of one row. `key`: under which it is kept, "" if it is new; `replaced`: keys of
    what it replaces. `original`: as it was kept, None as long as nobody read it. `is_new`: it was put there
    for a row that is not written yet."""

    __slots__ = ("__weakref__", "_python", "_waiting", "is_new", "key", "original", "replaced", "value")

    def __init__(self, key: str, *, python: Callable[[str], Any], replaced: frozenset[str] = frozenset()):
        self.key, self.replaced, self._python = key, replaced, python
        self.original: str | None = None
        self.value = UNREAD
        self.is_new = False
        self._waiting: _UnreadValues | None = None

    def wait(self) -> "Place":
        """Be read together with whatever this thread finds meanwhile."""
        self._waiting = _thread_values.waiting
        self._waiting.add(self)
        return self

    def take(self, plain: str) -> None:
        """This is what was kept."""
        self.original, self.value = plain, self._python(plain)

    def read(self) -> Any:
        """The value. Raises `ContactsAway`. What is no longer there reads as empty, as what was deleted."""
        if self.value is UNREAD:
            (self._waiting or _UnreadValues()).bring(self)
        return self.value

    @property
    def is_unread(self) -> bool:
        return self.value is UNREAD

    @property
    def keys(self) -> frozenset[str]:
        """Its own and those it replaces."""
        return self.replaced | {self.key} if self.key else self.replaced
