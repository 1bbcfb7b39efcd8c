"""WebM and Matroska: everything except video, audio and what a player needs is overwritten by Void elements.

RFC 8794 (EBML), RFC 9559 (Matroska). An unlisted element becomes a Void of equal size, at any level; the
mandatory program names become empty strings.

Cleaning of audio and video: MP4, MP3, WAV and others.

Unlisted boxes become `free` boxes of equal size, times become zero, and data in `mdat` outside the
video and audio tracks (tracks of locations and movements, stills) becomes zeros. ISO/IEC 14496-12;
QuickTime File Format.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from itertools import pairwise
from typing import IO, Final

from documents.files.metadata.sound import (
    NotCleaned,
    Overwrite,
    apply_overwrites,
    blank_comments,
    clean_mp3,
    clean_ogg,
    clean_wav,
    file_size,
    read_at,
)

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
_MATROSKA_PLAYED: Final = frozenset({1, 2})  # video, audio


class ElementRule(Enum):
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
            # Process an entry of the table of contents: kept only if its target is kept.
            ids = [self._number(one) for one in self._children(element) if one.id == _SEEK_ID]
            if ids and ids[0] not in _RULES[_SEGMENT]:
                self._void(element)
        elif rule is ElementRule.BLOCK:
            if not self._is_played(element):
                self._void(element)
        else:
            blocks = [one for one in self._children(element) if one.id == _BLOCK]
            if len(blocks) != 1 or not self._is_played(blocks[0]):
                self._void(element)
            else:
                self._walk(_BLOCK_GROUP, element.body, element.known_end)

    def _children(self, parent: Element) -> list[Element]:
        found, at, end = [], parent.body, parent.known_end
        while at < end:
            element = self._read(at, end)
            found.append(element)
            at = element.known_end
        return found

    def _track(self, element: Element) -> None:
        children = {one.id: one for one in self._children(element)}
        if _NUMBER not in children or _TYPE not in children:
            raise NotCleaned("broken")
        played = self._played = self._played if self._played is not None else set()
        if self._number(children[_TYPE]) not in _MATROSKA_PLAYED:
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


_MOST_BOXES: Final = 200_000
_MOST_DATA: Final = 100  # boxes of samples
_MOST_TABLE: Final = 16 * 1024**2  # bytes of one sample table: some 40 hours of sound

_KEPT: Final[dict[bytes, frozenset[bytes]]] = {
    b"": frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mfra", b"mdat", b"sidx", b"ssix"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"trak": frozenset({b"tkhd", b"mdia", b"edts"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"stps"}
        | {b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio", b"padb"}
    ),
    b"mvex": frozenset({b"mehd", b"trex", b"leva"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset(
        {b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio", b"senc"}
    ),
    b"mfra": frozenset({b"tfra", b"mfro"}),
}

_PLAYED: Final = frozenset({b"vide", b"soun"})
_COMPRESSOR: Final = 50  # bytes from the start of a video sample entry to the compressor's name
_VISUAL: Final = 86  # bytes to the boxes in a video sample entry


@dataclass(frozen=True, slots=True)
class Box:
    """A box: starts at `start`, content from `body`, up to before `end`."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Track:
    """Chunks of a track: offset, size in bytes; None if only the next chunk determines the size."""

    played: bool
    chunks: tuple[tuple[int, int | None], ...]


def find_mp4_metadata(file: IO[bytes]) -> list[Overwrite]:
    """Return the parts to overwrite. Raises NotCleaned for a broken or unsupported file."""
    return _Mp4(file).find()


class _Mp4:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._boxes = 0
        self._changes: list[Overwrite] = []
        self._tracks: list[Track] = []

    def find(self) -> list[Overwrite]:
        top = list(self._children(0, file_size(self._file)))
        kinds = [box.kind for box in top]
        if b"moov" not in kinds:
            raise NotCleaned("broken")
        self._clean(b"", top)
        fragments = b"moof" in kinds
        if fragments and not all(track.played for track in self._tracks):
            raise NotCleaned("other_tracks")
        if not fragments:
            self._empty_rest([box for box in top if box.kind == b"mdat"])
        return self._changes

    def _children(self, start: int, end: int) -> Iterator[Box]:
        at = start
        while at < end:
            self._boxes += 1
            if self._boxes > _MOST_BOXES or end - at < 8:
                raise NotCleaned("broken")
            head = read_at(self._file, at, 8)
            size, body = int.from_bytes(head[:4]), at + 8
            if size == 1:
                size, body = int.from_bytes(read_at(self._file, body, 8)), at + 16
            after = at + size if size else end
            if after < body or after > end:
                raise NotCleaned("broken")
            yield Box(head[4:], at, body, after)
            at = after

    def _clean(self, parent: bytes, boxes: list[Box]) -> None:
        for box in boxes:
            if box.kind not in _KEPT[parent]:
                if box.kind == b"cmov":
                    raise NotCleaned("compressed")
                self._free(box)
            elif box.kind == b"trak":
                self._clean_track(box)
            elif box.kind in _KEPT:
                self._clean(box.kind, list(self._children(box.body, box.end)))
            else:
                self._clean_leaf(box)

    def _free(self, box: Box) -> None:
        """Overwrite a box with a `free` box of the same size."""
        if box.body - box.start == 16:
            self._changes.append(Overwrite(box.start + 4, box.start + 8, b"free"))
            self._changes.append(Overwrite(box.body, box.end))
        else:
            self._changes.append(Overwrite(box.start + 4, box.end, b"free"))

    def _clean_leaf(self, box: Box) -> None:
        if box.kind in {b"mvhd", b"tkhd", b"mdhd"}:
            long = read_at(self._file, box.body, 1) == b"\x01"
            self._changes.append(Overwrite(box.body + 4, box.body + (20 if long else 12)))
        elif box.kind == b"hdlr" and box.body + 24 < box.end:
            self._changes.append(Overwrite(box.body + 24, box.end))  # its name, which may identify a camera
        elif box.kind == b"dref":
            # Require samples in this file. Other text here is a path on somebody's machine.
            for entry in self._children(box.body + 8, box.end):
                if read_at(self._file, entry.body + 3, 1)[0] & 1 == 0:
                    raise NotCleaned("outside")
                self._changes.append(Overwrite(entry.body + 4, entry.end))

    def _clean_track(self, track: Box) -> None:
        boxes = self._found(track)
        handler = read_at(self._file, self._one(boxes, b"mdia/hdlr").body + 8, 4)
        played = handler in _PLAYED
        if not played:
            self._tracks.append(Track(played, tuple((offset, None) for offset in self._offsets(boxes))))
            self._free(track)
            return
        self._tracks.append(Track(played, tuple(self._chunks(boxes, is_sound=handler == b"soun"))))
        self._clean(b"trak", list(self._children(track.body, track.end)))
        if handler == b"vide":
            # Clean video sample entries: the compressor's name, and boxes of camera makers.
            box = self._one(boxes, b"mdia/minf/stbl/stsd")
            for entry in self._children(box.body + 8, box.end):
                if entry.end - entry.start < _VISUAL:
                    raise NotCleaned("broken")
                name = entry.start + _COMPRESSOR
                self._changes.append(Overwrite(name, name + 32))
                rest = entry.end - (entry.start + _VISUAL)
                if rest >= 8:  # QuickTime may end with four zeros
                    end = entry.end if read_at(self._file, entry.end - 4, 4) != bytes(4) else entry.end - 4
                    try:
                        inside = list(self._children(entry.start + _VISUAL, end))
                    except NotCleaned:  # zeros that end both the box and the list
                        continue
                    for inner in inside:
                        if inner.kind in {b"uuid", b"udta", b"meta"}:
                            self._free(inner)

    def _found(self, track: Box) -> dict[bytes, Box]:
        """Return the boxes of a track that describe its samples, by path."""
        found: dict[bytes, Box] = {}
        waiting = [(b"", track)]
        while waiting:
            path, parent = waiting.pop()
            for box in self._children(parent.body, parent.end):
                found.setdefault(path + box.kind, box)
                if box.kind in {b"mdia", b"minf", b"stbl"}:
                    waiting.append((path + box.kind + b"/", box))
        return found

    @staticmethod
    def _one(boxes: dict[bytes, Box], path: bytes) -> Box:
        if path not in boxes:
            raise NotCleaned("broken")
        return boxes[path]

    def _table(self, box: Box, head: int) -> bytes:
        """Return a table with at least `head` bytes before its rows: version, flags, counts."""
        if not head <= box.end - box.body <= _MOST_TABLE:
            raise NotCleaned("broken")
        return read_at(self._file, box.body, box.end - box.body)

    def _offsets(self, boxes: dict[bytes, Box]) -> list[int]:
        """Return the chunk offsets of a track; empty for a track without samples."""
        for path, width in ((b"co64", 8), (b"stco", 4)):
            if box := boxes.get(b"mdia/minf/stbl/" + path):
                table = self._table(box, 8)
                return _whole_numbers(table[8:], width, int.from_bytes(table[4:8]))
        return []

    def _chunks(self, boxes: dict[bytes, Box], *, is_sound: bool) -> Iterator[tuple[int, int | None]]:
        offsets, sizes = self._offsets(boxes), self._sizes(boxes)
        # Rows of `stsc`: first chunk, counted from one, and samples per chunk from there.
        table = self._table(self._one(boxes, b"mdia/minf/stbl/stsc"), 8)
        numbers = _whole_numbers(table[8:], 4, 3 * int.from_bytes(table[4:8]))
        rows = list(zip(numbers[::3], numbers[1::3], strict=True))
        chunks = len(offsets)
        counts: list[int] = []
        for (first, samples), (following, _more) in pairwise([*rows, (chunks + 1, 0)]):
            if not 1 <= first <= following <= chunks + 1 or first != len(counts) + 1:
                raise NotCleaned("broken")
            counts += [samples] * (following - first)
        if len(counts) != chunks:
            raise NotCleaned("broken")
        at = 0
        for offset, count in zip(offsets, counts, strict=True):
            if sizes is None or (isinstance(sizes, int) and is_sound):
                yield offset, None  # QuickTime counts uncompressed audio in units other than bytes
            elif isinstance(sizes, int):
                yield offset, sizes * count
            else:
                yield offset, sum(sizes[at : at + count])
                at += count

    def _sizes(self, boxes: dict[bytes, Box]) -> int | list[int] | None:
        """Return bytes of each sample, or one size for all; None if in the compact table (`stz2`)."""
        box = boxes.get(b"mdia/minf/stbl/stsz")
        if box is None:
            return None
        table = self._table(box, 12)
        if same := int.from_bytes(table[4:8]):
            return same
        return _whole_numbers(table[12:], 4, int.from_bytes(table[8:12]))

    def _empty_rest(self, data: list[Box]) -> None:
        """Overwrite with zeros everything in `mdat` that is not a chunk of a played track."""
        if len(data) > _MOST_DATA:
            raise NotCleaned("broken")
        starts = sorted({offset for track in self._tracks for offset, _size in track.chunks})
        following = dict(pairwise(starts))
        played = sorted(
            (offset, offset + size if size is not None else following.get(offset, -1))
            for track in self._tracks
            if track.played
            for offset, size in track.chunks
        )
        for box in data:
            at = box.body
            for start, end in played:
                if start >= box.end or (end != -1 and end <= at):
                    continue
                if start > at:
                    self._changes.append(Overwrite(at, start))
                at = max(at, box.end if end == -1 else min(end, box.end))
            if at < box.end:
                self._changes.append(Overwrite(at, box.end))


def _whole_numbers(content: bytes, width: int, count: int) -> list[int]:
    if count * width > len(content):
        raise NotCleaned("broken")
    return [int.from_bytes(content[at : at + width]) for at in range(0, count * width, width)]


type Find = Callable[[IO[bytes]], list[Overwrite]]


# Overwritten in place, whatever their size.
IN_PLACE: Final[dict[str, Find]] = {
    "video/mp4": find_mp4_metadata,
    "audio/mp4": find_mp4_metadata,
    "video/webm": find_matroska_metadata,
}

_ENDINGS: Final[dict[str, Find]] = {
    **dict.fromkeys(("mp4", "m4v", "m4a", "mov"), find_mp4_metadata),
    "webm": find_matroska_metadata,
}

_ANEW: Final = {"mp3": clean_mp3, "wav": clean_wav, "ogg": clean_ogg}


def clean_media(content: bytes, ending: str) -> bytes:
    """Return audio or video without metadata, by the extension of its name."""
    if ending in _ANEW:
        return _ANEW[ending](content)
    if ending not in _ENDINGS:
        raise NotCleaned("embedded")
    file = BytesIO(content)
    apply_overwrites(file, _ENDINGS[ending](file))
    return file.getvalue()
