"""Parser of Yjs updates: what an update writes and builds on, read before it is applied.

The format is Yjs' update encoding, version 1 (sources: `UpdateEncoder.js`, `ContentAny.js`, lib0's
`encoding.js`). Three checks depend on it:

- an update whose predecessors are missing would stay pending inside the document, invisible to
  whatever reads its text, and take effect later: it is not applied, the browser is asked for the
  rest;
- values nested some hundred thousand times crash the whole process inside the library;
- whose replica the new changes are: nobody writes under another's.

Browsers and the library must parse an update identically. What they could parse differently, and
what no editor writes, is not `supported`: it is refused from a browser, but read where already
stored.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from coalition.realtime.frames import LARGEST_UINT, BadFrame

DEEPEST = 32  # nesting levels of a value
LARGEST_CLOCK = 2**31
NOT_AN_UPDATE = "not an update"
PROTOTYPE: Final = "__proto__"  # as a key, JavaScript sets the object's prototype

_GC, _SKIP = 0, 10
_DELETED, _STRING, _EMBED, _FORMAT, _TYPE, _ANY = 1, 4, 5, 6, 7, 8
_XML_ELEMENT, _XML_HOOK, _LAST_TYPE = 3, 5, 6  # the last one is XmlText
_LIST, _OBJECT, _TEXT, _WHOLE = 117, 118, 119, 125
# Big integer, double, float, false, true, null, undefined: their lengths. A text contains no bytes.
_FIXED = {122: 8, 123: 8, 124: 4, 120: 0, 121: 0, 126: 0, 127: 0}
_HAS_LEFT, _HAS_RIGHT, _HAS_KEY = 0x80, 0x40, 0x20


@dataclass
class UpdateContent:
    """The content of one update: its changes (replica, the first, before which it ends), what they refer to
    and what is deleted (replica, up to before which change).

    `supported`: it contains only what an editor writes: letters, elements and their text, one value for each
    attribute, formats in unambiguous JSON. `letters_only`: it only adds letters and deletes. `letters`: how
    many it adds, in UTF-16 code units. `anchors`: the change that each run of them follows, None where it
    names none. `deleted`: what is deleted in unbroken runs (replica, the first, before which it ends).
    `formats`: names and values of the formats that it inserts.
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
        """Update the state vector to that of a document to which this was applied."""
        for replica, _first, end in self.structs:
            state[replica] = max(end, state.get(replica, 0))

    def is_contained(self, state: Mapping[int, int]) -> bool:
        """Whether a document with this state has all its changes, and everything it deletes."""
        ends = [(replica, end) for replica, _first, end in self.structs]
        return all(end <= state.get(replica, 0) for replica, end in [*ends, *self.deletes])


class JointChanges:
    """Changes that can only be applied together, since they build on each other in both directions.

    Two people type in one line, and their writes within one batch are two rows: neither can be applied alone.
    """

    def __init__(self, state: Mapping[int, int]) -> None:
        self._known = dict(state)
        self._after_gap: dict[int, list[tuple[int, int]]] = {}  # replica → changes after a gap
        self._needs: list[tuple[int, int]] = []

    def add(self, change: UpdateContent) -> bool:
        """Add a change. Return whether no predecessor of the added changes is missing now."""
        for replica, first, end in change.structs:
            self._after_gap.setdefault(replica, []).append((first, end))
        for replica in {replica for replica, _first, _end in change.structs}:
            self._close_gaps(replica)
        needs = [*self._needs, *change.refers, *change.deletes]
        self._needs = [(replica, end) for replica, end in needs if end > self._known.get(replica, 0)]
        return not self._needs and not self._after_gap

    def holds(self, change: UpdateContent) -> bool:
        """Whether one of the added changes is complete."""
        needs = [*change.refers, *change.deletes, *((replica, end) for replica, _f, end in change.structs)]
        return all(end <= self._known.get(replica, 0) for replica, end in needs)

    def _close_gaps(self, replica: int) -> None:
        known, left = self._known.get(replica, 0), []
        for first, end in sorted(self._after_gap.pop(replica)):
            if first <= known:
                known = max(known, end)
            else:
                left.append((first, end))
        self._known[replica] = known
        if left:
            self._after_gap[replica] = left


def is_complete(change: UpdateContent, state: Mapping[int, int]) -> bool:
    """Whether all that the change builds on is in it, or in a document with this state."""
    return JointChanges(state).add(change)


def read_update(update: bytes) -> UpdateContent:
    """Parse the update. Raises BadFrame if it is invalid or contains what no text needs."""
    try:
        return _Reader(update).read_update()
    except (IndexError, UnicodeDecodeError) as fault:
        raise BadFrame(NOT_AN_UPDATE) from fault


def parse_strict_json(text: str) -> Any:
    """Parse this JSON. Raises ValueError where parsers could differ, or for values that no text
    contains: duplicate names, lone surrogates, infinite numbers, nesting beyond `DEEPEST`."""
    try:
        value = json.loads(text, object_pairs_hook=_dict_of_unique_names)
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
    """Reads the bytes once. Raises IndexError if they end too soon."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._end = data, 0, len(data)
        self._supported = self._letters_only = True

    def read_update(self) -> UpdateContent:
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
        """Yield the changes of one replica, in unbroken runs."""
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
        """Return the number of changes in the struct that begins at this replica's `clock`."""
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
            raise BadFrame(NOT_AN_UPDATE)  # it would stay pending for ever
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
            # Maps and lists among the nodes of a text would change how positions are counted.
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
        raise BadFrame(NOT_AN_UPDATE)  # subdocuments, bytes: no text contains them

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
                    raise BadFrame(NOT_AN_UPDATE)  # an overlong encoding: no library writes it
                break
            shift += 7
            if shift > 56:
                raise BadFrame(NOT_AN_UPDATE)
        if value > LARGEST_UINT:
            raise BadFrame(NOT_AN_UPDATE)
        return value

    def _length(self) -> int:
        """Return the length of deleted content. Yjs fails on structs of length zero."""
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
