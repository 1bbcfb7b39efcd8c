"""What an update of Yjs writes and what it builds on, read before the document sees it.

The format is Yjs' update encoding, version 1 (sources: `UpdateEncoder.js`, `ContentAny.js`, lib0's
`encoding.js`). Three things hang on this reading:

- an update whose predecessors are not here would be kept inside the document, unseen by whatever looks
  at its text, and take effect later: such an update is not applied, the browser is asked for the rest;
- values that are nested some hundred thousand times end the whole process inside the library;
- whose replica the new changes are: nobody writes under another's.

Browsers and the library must read the same in an update. What they could read differently, and what no
editor writes, is not `supported`: it is refused from a browser, and read where it is stored already.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from coalition.realtime.frames import LARGEST_UINT, BadFrame

DEEPEST = 32  # levels of a value
LARGEST_CLOCK = 2**31
NOT_AN_UPDATE = "not an update"
PROTOTYPE: Final = "__proto__"  # as a name, JavaScript takes its value for the object's prototype

_GC, _SKIP = 0, 10
_DELETED, _STRING, _EMBED, _FORMAT, _TYPE, _ANY = 1, 4, 5, 6, 7, 8
_XML_ELEMENT, _XML_HOOK, _LAST_TYPE = 3, 5, 6  # the last one is XmlText
_LIST, _OBJECT, _TEXT, _WHOLE = 117, 118, 119, 125
# Big integer, double, float, false, true, null, undefined: their lengths. Bytes are no part of a text.
_FIXED = {122: 8, 123: 8, 124: 4, 120: 0, 121: 0, 126: 0, 127: 0}
_HAS_LEFT, _HAS_RIGHT, _HAS_KEY = 0x80, 0x40, 0x20


@dataclass
class UpdateContent:
    """What one update holds: its changes (replica, the first, before which it ends), what they refer to and
    what is deleted (replica, up to before which change).

    `supported`: it holds only what an editor writes: letters, elements and their text, one value for each
    attribute, formats in unambiguous JSON.
    `letters_only`: it only adds letters and deletes. `letters`: how many it adds, as UTF-16 counts them.
    `anchors`: after which change each run of them stands, None where it names none.
    `deleted`: what is deleted in unbroken runs (replica, the first, before which it ends).
    `formats`: names and values of the formats that it puts into lines.
    """

    structs: list[tuple[int, int, int]] = field(default_factory=list)
    refers: list[tuple[int, int]] = field(default_factory=list)
    deletes: list[tuple[int, int]] = field(default_factory=list)
    supported: bool = True
    letters_only: bool = True
    letters: int = 0
    anchors: list[tuple[int, int] | None] = field(default_factory=list)
    deleted: list[tuple[int, int, int]] = field(default_factory=list)
    formats: list[tuple[str, Any]] = field(default_factory=list)

    def count(self, state: dict[int, int]) -> None:
        """Make the state that of a document to which this was applied."""
        for replica, _first, end in self.structs:
            state[replica] = max(end, state.get(replica, 0))

    def is_contained(self, state: Mapping[int, int]) -> bool:
        """Whether a document with this state has all its changes, and all that it deletes."""
        ends = [(replica, end) for replica, _first, end in self.structs]
        return all(end <= state.get(replica, 0) for replica, end in [*ends, *self.deletes])


class JointChanges:
    """Changes that may only be applied at once: they build on each other, in both directions.

    Two people type into one line, and what they wrote within one batch is two rows: neither can be applied
    alone.
    """

    def __init__(self, state: Mapping[int, int]) -> None:
        self._known = dict(state)
        self._apart: dict[int, list[tuple[int, int]]] = {}  # replica → changes that follow on a gap
        self._needs: list[tuple[int, int]] = []

    def add(self, change: UpdateContent) -> bool:
        """Add one. Returns whether nothing is missing now that what was added builds on."""
        for replica, first, end in change.structs:
            self._apart.setdefault(replica, []).append((first, end))
        for replica in {replica for replica, _first, _end in change.structs}:
            self._close_gaps(replica)
        needs = [*self._needs, *change.refers, *change.deletes]
        self._needs = [(replica, end) for replica, end in needs if end > self._known.get(replica, 0)]
        return not self._needs and not self._apart

    def holds(self, change: UpdateContent) -> bool:
        """Whether one of what was added misses nothing."""
        needs = [*change.refers, *change.deletes, *((replica, end) for replica, _f, end in change.structs)]
        return all(end <= self._known.get(replica, 0) for replica, end in needs)

    def _close_gaps(self, replica: int) -> None:
        known, apart = self._known.get(replica, 0), []
        for first, end in sorted(self._apart[replica]):
            if first <= known:
                known = max(known, end)
            else:
                apart.append((first, end))
        self._known[replica] = known
        if apart:
            self._apart[replica] = apart
        else:
            del self._apart[replica]


def is_complete(change: UpdateContent, state: Mapping[int, int]) -> bool:
    """Whether all that the change builds on is in a document with this state, or in the change itself."""
    return JointChanges(state).add(change)


def read_update(update: bytes) -> UpdateContent:
    """What the update holds. Raises BadFrame for what is no update or holds what no text needs."""
    try:
        return _Reader(update).change()
    except (IndexError, UnicodeDecodeError) as fault:
        raise BadFrame(NOT_AN_UPDATE) from fault


def parse_strict_json(text: str) -> Any:
    """The value of this JSON. Raises ValueError where readers could find different ones, or one that no text
    holds: a name twice, halves of characters, numbers beyond all bounds, what is nested beyond `DEEPEST`."""
    try:
        value = json.loads(text, object_pairs_hook=_dict_of_unique_names, parse_constant=_refuse_constant)
    except RecursionError as fault:
        raise ValueError("nested too deeply") from fault
    if not _is_plain(value, 0):
        raise ValueError("ambiguous")
    return value


def _dict_of_unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)


def _is_plain(value: Any, depth: int) -> bool:
    if depth > DEEPEST:
        return False
    match value:
        case str():
            return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)
        case float():
            return math.isfinite(value)
        case list():
            return all(_is_plain(one, depth + 1) for one in value)
        case dict():
            return PROTOTYPE not in value and all(
                _is_plain(name, depth) and _is_plain(one, depth + 1) for name, one in value.items()
            )
    return True


class _Reader:
    """Goes through the bytes once. IndexError where they end too soon."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._end = data, 0, len(data)
        self._supported = self._letters_only = True

    def change(self) -> UpdateContent:
        found = UpdateContent()
        for _ in range(self._uint()):
            count, replica, clock = self._uint(), self._uint(), self._uint()
            for first, end in self._runs(found, count, replica, clock):
                if end > LARGEST_CLOCK:
                    raise BadFrame(NOT_AN_UPDATE)
                if end > first:
                    found.structs.append((replica, first, end))
        self._deletions(found)
        if self._at != self._end:
            raise BadFrame(NOT_AN_UPDATE)
        found.supported, found.letters_only = self._supported, self._letters_only
        return found

    def _runs(self, found: UpdateContent, count: int, replica: int, clock: int) -> Iterator[tuple[int, int]]:
        """The changes of one replica, in unbroken runs."""
        first = clock
        for _ in range(count):
            if self._data[self._at] == _SKIP:
                yield first, clock
                self._at += 1
                first = clock = clock + self._length()
            else:
                clock += self._struct(found, replica, clock)
        yield first, clock

    def _deletions(self, found: UpdateContent) -> None:
        for _ in range(self._uint()):
            replica, last = self._uint(), 0
            for _ in range(self._uint()):
                start = self._uint()
                end = start + self._uint()
                last = max(last, end)
                found.deleted.append((replica, start, end))
            if last > LARGEST_CLOCK:
                raise BadFrame(NOT_AN_UPDATE)
            if last:
                found.deletes.append((replica, last))

    def _struct(self, found: UpdateContent, replica: int, clock: int) -> int:
        """How many changes the struct stands for that is this replica's `clock`-th."""
        info = self._byte()
        if info == _GC:
            return self._length()
        left = self._reference(found, replica, clock) if info & _HAS_LEFT else None
        if info & _HAS_RIGHT:
            self._reference(found, replica, clock)
        kind = info & 31
        if not info & (_HAS_LEFT | _HAS_RIGHT):
            self._parent(found, replica, clock)
            if info & _HAS_KEY:
                self._supported &= self._string() != PROTOTYPE and kind == _ANY
        length = self._content(found, kind)
        if kind == _STRING:
            found.letters += length
            found.anchors.append(left)
        return length

    def _parent(self, found: UpdateContent, replica: int, clock: int) -> None:
        named = self._uint()
        if named > 1:
            raise BadFrame(NOT_AN_UPDATE)
        if named:
            self._string()
        else:
            self._reference(found, replica, clock)

    def _reference(self, found: UpdateContent, replica: int, clock: int) -> tuple[int, int]:
        whose, which = self._uint(), self._uint()
        if whose != replica:
            found.refers.append((whose, which + 1))
        elif which >= clock:
            raise BadFrame(NOT_AN_UPDATE)  # what builds on itself would be held back for ever
        return whose, which

    def _content(self, found: UpdateContent, kind: int) -> int:
        if kind == _STRING:
            length = len(self._string().encode("utf-16-le")) // 2
            self._supported &= length > 0
            return length
        if kind == _DELETED:
            return self._length()
        self._letters_only = False
        if kind == _FORMAT:
            return self._format(found)
        if kind == _TYPE:
            which = self._uint()
            if which > _LAST_TYPE:
                raise BadFrame(NOT_AN_UPDATE)
            # Maps and lists among the nodes of a text would make places count otherwise.
            self._supported &= which in {_XML_ELEMENT, _LAST_TYPE}
            if which in {_XML_ELEMENT, _XML_HOOK}:
                self._string()
            return 1
        if kind == _ANY:
            count = self._uint()
            self._supported &= count == 1
            for _ in range(count):
                self._skip_value(0)
            return count
        if kind == _EMBED:
            self._string()
            self._supported = False
            return 1
        raise BadFrame(NOT_AN_UPDATE)  # documents in documents, bytes: no text holds them

    def _format(self, found: UpdateContent) -> int:
        name, value = self._string(), self._string()
        try:
            found.formats.append((name, parse_strict_json(value)))
        except ValueError:
            self._supported = False
        self._supported &= name != PROTOTYPE
        return 1

    def _skip_value(self, depth: int) -> None:
        if depth > DEEPEST:
            raise BadFrame(NOT_AN_UPDATE)
        tag = self._byte()
        if tag in _FIXED:
            self._skip(_FIXED[tag])
        elif tag == _TEXT:
            self._string()
        elif tag == _WHOLE:
            while self._byte() & 128:
                pass
        elif tag == _LIST:
            for _ in range(self._uint()):
                self._skip_value(depth + 1)
        elif tag == _OBJECT:
            names: set[str] = set()
            count = self._uint()
            for _ in range(count):
                names.add(self._string())
                self._skip_value(depth + 1)
            self._supported &= len(names) == count and PROTOTYPE not in names
        else:
            raise BadFrame(NOT_AN_UPDATE)

    def _byte(self) -> int:
        byte = self._data[self._at]
        self._at += 1
        return byte

    def _uint(self) -> int:
        byte = self._data[self._at]
        self._at += 1
        if byte < 128:
            return byte
        value, shift = byte & 127, 7
        while True:
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                if not byte:
                    raise BadFrame(NOT_AN_UPDATE)  # longer than need be: no library writes it
                break
            shift += 7
            if shift > 56:
                raise BadFrame(NOT_AN_UPDATE)
        if value > LARGEST_UINT:
            raise BadFrame(NOT_AN_UPDATE)
        return value

    def _length(self) -> int:
        """Of what is no content any more. Yjs fails on a document with changes that stand for nothing."""
        length = self._uint()
        self._supported &= length > 0
        return length

    def _string(self) -> str:
        length = self._uint()
        start = self._at
        self._skip(length)
        return self._data[start : self._at].decode()

    def _skip(self, length: int) -> None:
        self._at += length
        if self._at > self._end:
            raise BadFrame(NOT_AN_UPDATE)
