"""Ogg with Vorbis or Opus: comments become empty, and the checksums of their pages are made anew.

RFC 3533 (pages), RFC 7845 (Opus), the Vorbis I specification.
"""

from dataclasses import dataclass, field
from typing import Final

from documents.files.metadata.overwrite import NotCleaned

_HEADS: Final = (b"\x01vorbis", b"OpusHead")
_POLYNOMIAL: Final = 0x04C11DB7


@dataclass(slots=True)
class Stream:
    """A logical stream: how many packets are whole, and the pieces of its second one, where comments are."""

    packets: int = 0
    pieces: list[tuple[int, int]] = field(default_factory=list)


def blank_comments(packet: bytes) -> bytes:
    """Return a packet of comments of equal size without any: the name of its program becomes spaces."""
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
    """Where each page begins and ends; `streams` are filled on the way."""
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
        _count(streams[serial], table, body)
        found.append((at, end))
        at = end
    return found


def _count(stream: Stream, table: bytes, at: int) -> None:
    for length in table:
        if stream.packets == 1 and length:
            stream.pieces.append((at, at + length))
        if length < 255:
            stream.packets += 1
        at += length


def _table() -> list[int]:
    made = []
    for number in range(256):
        rest = number << 24
        for _bit in range(8):
            rest = (rest << 1) ^ (_POLYNOMIAL if rest & 0x80000000 else 0)
        made.append(rest & 0xFFFFFFFF)
    return made


_TABLE: Final = _table()


def _checksum(page: bytes | bytearray) -> int:
    rest = 0
    for byte in page:
        rest = ((rest << 8) & 0xFFFFFFFF) ^ _TABLE[(rest >> 24) ^ byte]
    return rest
