"""Parts of pages that are drawn once for what goes into them, and kept in the process.

A part is a template and the values that are given to it, as with `{% include … only %}`: it sees neither the
request nor who asks. The language and the time zone of the moment count with the values. So what is kept is
right as long as its values are the same, and nothing has to be forgotten when something changes: other values
are another part. Values are plain: words, numbers, moments, and lists of them. A row of the database is
refused, since it would bring more than it shows.
"""

import datetime
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString

MOST: Final = 512  # parts
LARGEST: Final = 64 * 1024  # characters of one part
_PLAIN: Final = frozenset(
    {str, SafeString, int, bool, float, type(None), datetime.datetime, datetime.date, datetime.time}
)


class Parts:
    """What was drawn, the longest unused goes first. Of all threads of the process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, SafeString] = OrderedDict()
        self._lock = Lock()
        self.drawn = 0  # how often something was drawn

    def get(self, key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
        """What was drawn for the key, drawn now if it never was."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        words = draw()
        self.drawn += 1
        if len(words) <= LARGEST:
            with self._lock:
                self._kept[key] = words
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return words

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def key_of(value: object) -> Hashable:
    """The value as a key: with its kind, since `1` and `True`, or safe and unsafe words, are drawn otherwise.

    Raises `TypeError` for what is not plain."""
    kind = type(value)
    if kind is str:
        return value
    if kind in _PLAIN:
        return kind, value
    if isinstance(value, (list, tuple)):
        return tuple, tuple([key_of(one) for one in value])
    if isinstance(value, Mapping):
        return dict, tuple([(name, key_of(one)) for name, one in value.items()])
    if isinstance(value, Promise):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return kind, tuple([key_of(getattr(value, one.name)) for one in fields(value)])
    raise TypeError(f"A part is drawn from plain values, not from {kind.__name__}.")


parts = Parts()
