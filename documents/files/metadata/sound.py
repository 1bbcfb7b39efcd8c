"""Cleaning of sound files; overwriting parts of a file in place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import IO, Final

_ZEROS: Final = bytes(256 * 1024)


class NotCleaned(Exception):
    """The metadata of a file cannot be removed. `code`: key of the sentence in `reasons.py`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Overwrite:
    """Replacement of the bytes from `start` to before `end`: `head`, then zeros."""

    start: int
    end: int
    head: bytes = b""


def apply_overwrites(file: IO[bytes], changes: Iterable[Overwrite]) -> None:
    """Write the changes into a file that is open for reading and writing."""
    for change in changes:
        file.seek(change.start)
        file.write(change.head)
        left = change.end - change.start - len(change.head)
        while left > 0:
            left -= file.write(_ZEROS[: min(left, len(_ZEROS))])
    file.flush()


def read_at(file: IO[bytes], start: int, length: int) -> bytes:
    """Return exactly `length` bytes. Raises NotCleaned if the file ends earlier."""
    file.seek(start)
    content = file.read(length)
    if len(content) != length:
        raise NotCleaned("broken")
    return content


def file_size(file: IO[bytes]) -> int:
    return file.seek(0, 2)


# kbit/s by number, for MPEG 1 and for MPEG 2 and 2.5, by layer (ISO/IEC 11172-3, 13818-3).
_RATES: Final = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_CHUNKS: Final = frozenset({b"fmt ", b"fact", b"data"})
_MP3_TAGS: Final = (b"TAG", b"ID3", b"3DI", b"APETAGEX", b"LYRICSBE")


def clean_mp3(content: bytes) -> bytes:
    """Return the audio frames only: no ID3, APE or Lyrics3 tags, at any position."""
    frames, at, in_sync = bytearray(), 0, False
    while at < len(content):
        if content[at : at + 3] == b"ID3":
            at += _id3_size(content, at)
            continue
        size = _frame(content, at)
        end = at + size
        follows = end == len(content) or _frame(content, end) or content.startswith(_MP3_TAGS, end)
        if size and (in_sync or follows):
            frames += content[at:end]
            at, in_sync = end, True
        else:  # go on where the next frame or tag may begin
            starts = [content.find(b"\xff", at + 1), content.find(b"ID3", at + 1)]
            at, in_sync = min((one for one in starts if one >= 0), default=len(content)), False
    if not frames:
        raise NotCleaned("broken")
    return bytes(frames)


def _id3_size(content: bytes, at: int) -> int:
    head = content[at : at + 10]
    if len(head) < 10 or any(byte & 0x80 for byte in head[6:]):
        return 3
    size = 0
    for byte in head[6:]:
        size = size << 7 | byte
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _frame(content: bytes, at: int) -> int:
    """Return the size in bytes of the frame at `at`; 0 if there is none."""
    head = int.from_bytes(content[at : at + 4]) if at + 4 <= len(content) else 0
    version, layer = head >> 19 & 3, 4 - (head >> 17 & 3)
    rate, hertz = head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or version == 1 or layer == 4 or rate in {0, 15} or hertz == 3:
        return 0
    bits = _RATES[1 if version == 3 else 2, layer][rate] * 1000
    padding = head >> 9 & 1
    if layer == 1:
        size = (12 * bits // _HERTZ[version][hertz] + padding) * 4
    else:
        size = (72 if layer == 3 and version != 3 else 144) * bits // _HERTZ[version][hertz] + padding
    return size if at + size <= len(content) else 0


def clean_wav(content: bytes) -> bytes:
    """Return the audio and its format only: no LIST, bext, iXML, id3 or XMP."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotCleaned("broken")
    chunks, at, kinds = bytearray(), 12, set()
    while at + 8 <= len(content):
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + size]
        if kind in _CHUNKS:
            if len(body) != size:
                raise NotCleaned("broken")
            kinds.add(kind)
            chunks += kind + size.to_bytes(4, "little") + body + bytes(size % 2)
        at += 8 + size + size % 2
    if not {b"fmt ", b"data"} <= kinds:
        raise NotCleaned("broken")
    return b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WAVE" + bytes(chunks)


# Ogg with Vorbis or Opus: comments become empty, page checksums are recomputed (RFC 3533, RFC 7845).
_HEADS: Final = (b"\x01vorbis", b"OpusHead")
_POLYNOMIAL: Final = 0x04C11DB7


@dataclass(slots=True)
class Stream:
    """A logical stream: number of complete packets, and the pieces of the second, with comments."""

    packets: int = 0
    pieces: list[tuple[int, int]] = field(default_factory=list)


def blank_comments(packet: bytes) -> bytes:
    """Return a comment packet of equal size without comments: the program's name becomes spaces."""
    for head, framing in ((b"\x03vorbis", b"\x01"), (b"OpusTags", b"")):
        blank = len(packet) - len(head) - 8 - len(framing)
        if packet.startswith(head) and blank >= 0:
            return head + blank.to_bytes(4, "little") + b" " * blank + bytes(4) + framing
    raise NotCleaned("broken")


def clean_ogg(content: bytes) -> bytes:
    """Return the file without comments. Raises NotCleaned for other codecs and broken pages."""
    clean, streams = bytearray(content), dict[bytes, Stream]()
    pages = _pages(content, streams)
    for stream in streams.values():
        packet = b"".join(content[start:end] for start, end in stream.pieces)
        blank = memoryview(blank_comments(packet))
        for start, end in stream.pieces:
            clean[start:end] = blank[: end - start]
            blank = blank[end - start :]
    changed = [piece for stream in streams.values() for piece in stream.pieces]
    for start, end in pages:
        if any(start <= first < end for first, _last in changed):
            clean[start + 22 : start + 26] = bytes(4)
            clean[start + 22 : start + 26] = _checksum(clean[start:end]).to_bytes(4, "little")
    return bytes(clean)


def _pages(content: bytes, streams: dict[bytes, Stream]) -> list[tuple[int, int]]:
    """Return the start and end of each page; fill `streams` along the way."""
    found, at = [], 0
    while at < len(content):
        if content[at : at + 5] != b"OggS\0" or at + 27 > len(content):
            raise NotCleaned("broken")
        table = content[at + 27 : at + 27 + content[at + 26]]
        body = at + 27 + len(table)
        end = body + sum(table)
        if end > len(content):
            raise NotCleaned("broken")
        serial = content[at + 14 : at + 18]
        if serial not in streams:
            if not content[body:end].startswith(_HEADS):
                raise NotCleaned("other_tracks")
            streams[serial] = Stream()
        stream, at_segment = streams[serial], body
        for length in table:
            if stream.packets == 1 and length:
                stream.pieces.append((at_segment, at_segment + length))
            if length < 255:
                stream.packets += 1
            at_segment += length
        found.append((at, end))
        at = end
    return found


@cache
def _crc_of(byte: int) -> int:
    rest = byte << 24
    for _bit in range(8):
        rest = (rest << 1) ^ (_POLYNOMIAL if rest & 0x80000000 else 0)
    return rest & 0xFFFFFFFF


def _checksum(page: bytes | bytearray) -> int:
    rest = 0
    for byte in page:
        rest = ((rest << 8) & 0xFFFFFFFF) ^ _crc_of((rest >> 24) ^ byte)
    return rest
