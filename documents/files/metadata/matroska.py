"""WebM and Matroska: everything except video, audio and what a player needs is overwritten by Void
elements.

RFC 8794 (EBML), RFC 9559 (Matroska). An unlisted element becomes a Void of equal size, at any
level; the mandatory program names become empty strings.
"""

from dataclasses import dataclass
from enum import Enum
from typing import IO, Final

from documents.files.metadata.overwrite import NotCleaned, Overwrite, file_size, read_at
from documents.files.metadata.sound import blank_comments

_MOST_ELEMENTS: Final = 1_000_000  # an hour of video with sound has some 400,000
_EBML: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_SEEK_HEAD: Final = 0x114D9B74
_INFO: Final = 0x1549A966
_TRACKS: Final = 0x1654AE6B
_CLUSTER: Final = 0x1F43B675
_CUES: Final = 0x1C53BB6B
_TAGS: Final = 0x1254C367
_ATTACHMENTS: Final = 0x1941A469
_CHAPTERS: Final = 0x1043A770
_TRACK: Final = 0xAE
_BLOCK_GROUP: Final = 0xA0
_BLOCK: Final = 0xA1
_SIMPLE_BLOCK: Final = 0xA3
_SEEK: Final = 0x4DBB
_SEEK_ID: Final = 0x53AB
_NUMBER: Final = 0xD7
_TYPE: Final = 0x83
_CODEC: Final = 0x86
_CODEC_PRIVATE: Final = 0x63A2
_LEVEL_ONE: Final = frozenset({_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER, _CUES, _TAGS, _ATTACHMENTS, _CHAPTERS})
_ENDS: Final = {_SEGMENT: frozenset({_EBML, _SEGMENT}), _CLUSTER: _LEVEL_ONE | {_EBML, _SEGMENT}}
_PLAYED: Final = frozenset({1, 2})  # video, audio


class ElementRule(Enum):
    """Treatment of an element."""

    KEEP = "keep"
    BLANK = "blank"  # its content becomes zeros: an empty string
    INSIDE = "inside"  # its children are processed
    TRACK = "track"
    SEEK = "seek"
    BLOCK = "block"
    GROUP = "group"


def _kept_elements(*ids: int) -> dict[int, ElementRule]:
    return dict.fromkeys(ids, ElementRule.KEEP)


_RULES: Final[dict[int, dict[int, ElementRule]]] = {
    0: {_EBML: ElementRule.INSIDE, _SEGMENT: ElementRule.INSIDE},
    _EBML: _kept_elements(0x4286, 0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4287, 0x4285),
    _SEGMENT: {
        **dict.fromkeys((_SEEK_HEAD, _INFO, _TRACKS, _CLUSTER), ElementRule.INSIDE),
        _CUES: ElementRule.KEEP,  # numbers only
    },
    _SEEK_HEAD: {_SEEK: ElementRule.SEEK},
    # TimestampScale, Duration; MuxingApp and WritingApp.
    _INFO: {**_kept_elements(0x2AD7B1, 0x4489), 0x4D80: ElementRule.BLANK, 0x5741: ElementRule.BLANK},
    _TRACKS: {_TRACK: ElementRule.TRACK},
    # Number, UID, type, flags, lacing, languages, codec with its data and delays, durations, video,
    # audio, and block packing.
    _TRACK: _kept_elements(
        *(_NUMBER, 0x73C5, _TYPE, 0xB9, 0x88, 0x55AA, 0x9C, 0x22B59C, 0x22B59D, _CODEC, _CODEC_PRIVATE),
        *(0x56AA, 0x56BB, 0x23E383, 0x234E7A, 0x23314F, 0x6DE7, 0x6DF8, 0xE0, 0xE1, 0x6D80),
    ),
    _CLUSTER: {
        **_kept_elements(0xE7, 0xA7, 0xAB),
        _SIMPLE_BLOCK: ElementRule.BLOCK,
        _BLOCK_GROUP: ElementRule.GROUP,
    },
    # BlockDuration, references, DiscardPadding.
    _BLOCK_GROUP: _kept_elements(_BLOCK, 0x9B, 0xFB, 0xFA, 0x75A2),
}


@dataclass(frozen=True, slots=True)
class Element:
    """An element: from `start`, content from `body`, to before `end`; None: its size is unknown."""

    id: int
    start: int
    body: int
    end: int | None

    @property
    def known_end(self) -> int:
        if self.end is None:
            raise NotCleaned("broken")
        return self.end


def find_matroska_metadata(file: IO[bytes]) -> list[Overwrite]:
    """Return the parts to overwrite. Raises NotCleaned for a broken file."""
    return _Matroska(file).find()


class _Matroska:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._elements = 0
        self._changes: list[Overwrite] = []
        self._played: set[int] | None = None  # numbers of tracks; None: not read yet

    def find(self) -> list[Overwrite]:
        end = file_size(self._file)
        if self._walk(0, 0, end) != end or self._played is None:
            raise NotCleaned("broken")
        return self._changes

    def _walk(self, parent: int, start: int, end: int, ends: frozenset[int] = frozenset()) -> int:
        """Process an element's children; return their end. `ends`: IDs ending one of unknown size."""
        rules, at = _RULES[parent], start
        while at < end:
            element = self._read(at, end)
            if element.id in ends:
                return at
            rule = rules.get(element.id)
            if element.end is None:
                if element.id not in _ENDS or rule is not ElementRule.INSIDE:
                    raise NotCleaned("broken")
                at = self._walk(element.id, element.body, end, _ENDS[element.id])
                continue
            at = element.end
            if rule is None:
                self._void(element)
            elif rule is not ElementRule.KEEP:
                self._apply(rule, element)
        return at

    def _apply(self, rule: ElementRule, element: Element) -> None:
        end = element.known_end
        if rule is ElementRule.BLANK:
            self._changes.append(Overwrite(element.body, end))
        elif rule is ElementRule.INSIDE:
            self._walk(element.id, element.body, end)
        elif rule is ElementRule.TRACK:
            self._track(element)
        elif rule is ElementRule.SEEK:
            self._seek(element)
        elif rule is ElementRule.BLOCK:
            if not self._is_played(element):
                self._void(element)
        else:
            self._group(element)

    def _children(self, parent: Element) -> list[Element]:
        found, at, end = [], parent.body, parent.known_end
        while at < end:
            element = self._read(at, end)
            found.append(element)
            at = element.known_end
        return found

    def _seek(self, element: Element) -> None:
        """Process an entry of the table of contents: kept only if its target is kept."""
        ids = [self._number(one) for one in self._children(element) if one.id == _SEEK_ID]
        if ids and ids[0] not in _RULES[_SEGMENT]:
            self._void(element)

    def _track(self, element: Element) -> None:
        children = {one.id: one for one in self._children(element)}
        if _NUMBER not in children or _TYPE not in children:
            raise NotCleaned("broken")
        played = self._played = self._played if self._played is not None else set()
        if self._number(children[_TYPE]) not in _PLAYED:
            self._void(element)
            return
        played.add(self._number(children[_NUMBER]))
        self._walk(_TRACK, element.body, element.known_end)
        codec, private = children.get(_CODEC), children.get(_CODEC_PRIVATE)
        if codec and private and self._content(codec).rstrip(b"\0") == b"A_VORBIS":
            self._blank_vorbis(private)

    def _blank_vorbis(self, private: Element) -> None:
        """Blank the second of three packets, which holds comments."""
        content = self._content(private)
        if content[:1] != b"\x02":
            raise NotCleaned("broken")
        at, sizes = 1, []
        for _packet in range(2):
            size = 0
            while content[at : at + 1] == b"\xff":
                size, at = size + 255, at + 1
            sizes.append(size + int.from_bytes(content[at : at + 1]))
            at += 1
        start = at + sizes[0]
        comments = content[start : start + sizes[1]]
        if len(comments) != sizes[1]:
            raise NotCleaned("broken")
        where = private.body + start
        self._changes.append(Overwrite(where, where + sizes[1], blank_comments(comments)))

    def _group(self, element: Element) -> None:
        blocks = [one for one in self._children(element) if one.id == _BLOCK]
        if len(blocks) != 1 or not self._is_played(blocks[0]):
            self._void(element)
        else:
            self._walk(_BLOCK_GROUP, element.body, element.known_end)

    def _is_played(self, block: Element) -> bool:
        if self._played is None:
            raise NotCleaned("broken")
        number, _length = _vint(self._head(block.body, block.known_end))
        return number in self._played

    def _void(self, element: Element) -> None:
        """Overwrite it with a Void of equal size."""
        size = element.known_end - element.start
        for length in range(1, 9):
            content = size - 1 - length
            if 0 <= content < (1 << 7 * length) - 1:
                head = b"\xec" + ((1 << 7 * length) | content).to_bytes(length)
                self._changes.append(Overwrite(element.start, element.known_end, head))
                return
        raise NotCleaned("broken")

    def _number(self, element: Element) -> int:
        return int.from_bytes(self._content(element)[:8])

    def _content(self, element: Element) -> bytes:
        size = element.known_end - element.body
        if size > 1024**2:
            raise NotCleaned("broken")
        return read_at(self._file, element.body, size)

    def _head(self, at: int, end: int) -> bytes:
        return read_at(self._file, at, min(12, end - at))

    def _read(self, at: int, end: int) -> Element:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise NotCleaned("broken")
        head = self._head(at, end)
        length = 9 - head[0].bit_length()  # an ID includes the bit that encodes its length
        if length > 4 or len(head) <= length:
            raise NotCleaned("broken")
        size, more = _vint(head[length:])
        body = at + length + more
        if size == (1 << 7 * more) - 1:
            return Element(int.from_bytes(head[:length]), at, body, None)
        if body + size > end:
            raise NotCleaned("broken")
        return Element(int.from_bytes(head[:length]), at, body, body + size)


def _vint(content: bytes) -> tuple[int, int]:
    """Return a variable-length number and its length in bytes."""
    length = 9 - content[0].bit_length() if content else 9
    if length > 8 or len(content) < length:
        raise NotCleaned("broken")
    return int.from_bytes(content[:length]) & ((1 << 7 * length) - 1), length
