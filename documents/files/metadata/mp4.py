"""MP4, M4A and QuickTime: everything except video, audio and what a player needs is overwritten.

Unlisted boxes become `free` boxes of equal size, times become zero, and data in `mdat` outside the
video and audio tracks (tracks of locations and movements, stills) becomes zeros. ISO/IEC 14496-12;
QuickTime File Format.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, Final

from documents.files.metadata.overwrite import NotCleaned, Overwrite, file_size, read_at

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
            self._clean_references(box)

    def _clean_references(self, box: Box) -> None:
        """Require samples in this file. Other text here is a path on somebody's machine."""
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
            self._clean_entries(self._one(boxes, b"mdia/minf/stbl/stsd"))

    def _clean_entries(self, box: Box) -> None:
        """Clean video sample entries: the compressor's name, and boxes of camera makers."""
        for entry in self._children(box.body + 8, box.end):
            if entry.end - entry.start < _VISUAL:
                raise NotCleaned("broken")
            name = entry.start + _COMPRESSOR
            self._changes.append(Overwrite(name, name + 32))
            rest = entry.end - (entry.start + _VISUAL)
            if rest >= 8:  # QuickTime may end with four zeros
                end = entry.end if read_at(self._file, entry.end - 4, 4) != bytes(4) else entry.end - 4
                self._free_makers(entry.start + _VISUAL, end)

    def _free_makers(self, start: int, end: int) -> None:
        try:
            boxes = list(self._children(start, end))
        except NotCleaned:  # zeros that end both the box and the list
            return
        for box in boxes:
            if box.kind in {b"uuid", b"udta", b"meta"}:
                self._free(box)

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

    def _table(self, box: Box) -> bytes:
        if box.end - box.body > _MOST_TABLE:
            raise NotCleaned("broken")
        return read_at(self._file, box.body, box.end - box.body)

    def _offsets(self, boxes: dict[bytes, Box]) -> list[int]:
        """Return the chunk offsets of a track; empty for a track without samples."""
        for path, width in ((b"co64", 8), (b"stco", 4)):
            if box := boxes.get(b"mdia/minf/stbl/" + path):
                return _numbers(self._table(box), width)
        return []

    def _chunks(self, boxes: dict[bytes, Box], *, is_sound: bool) -> Iterator[tuple[int, int | None]]:
        offsets, sizes = self._offsets(boxes), self._sizes(boxes)
        rows = _rows(self._table(self._one(boxes, b"mdia/minf/stbl/stsc")))
        counts = _samples_of_chunks(rows, len(offsets))
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
        table = self._table(box)
        if len(table) < 12:
            raise NotCleaned("broken")
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


def _numbers(table: bytes, width: int) -> list[int]:
    """Return the numbers of a table after version, flags and count."""
    if len(table) < 8:
        raise NotCleaned("broken")
    return _whole_numbers(table[8:], width, int.from_bytes(table[4:8]))


def _whole_numbers(content: bytes, width: int, count: int) -> list[int]:
    if count * width > len(content):
        raise NotCleaned("broken")
    return [int.from_bytes(content[at : at + width]) for at in range(0, count * width, width)]


def _rows(table: bytes) -> list[tuple[int, int]]:
    """Return rows of `stsc`: first chunk, counted from one, and samples per chunk from there."""
    if len(table) < 8:
        raise NotCleaned("broken")
    numbers = _whole_numbers(table[8:], 4, 3 * int.from_bytes(table[4:8]))
    return list(zip(numbers[::3], numbers[1::3], strict=True))


def _samples_of_chunks(rows: list[tuple[int, int]], chunks: int) -> list[int]:
    counts: list[int] = []
    for (first, samples), (following, _more) in pairwise([*rows, (chunks + 1, 0)]):
        if not 1 <= first <= following <= chunks + 1 or first != len(counts) + 1:
            raise NotCleaned("broken")
        counts += [samples] * (following - first)
    if len(counts) != chunks:
        raise NotCleaned("broken")
    return counts
