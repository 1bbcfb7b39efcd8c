"""Writes Yjs updates, version 1 (Yjs' `UpdateEncoder.js`, lib0's `encoding.js`) that no library writes."""

from collections.abc import Iterable

from documents.drafts.live.resolve import encode_any

type Id = tuple[int, int]  # replica, clock

GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC, SKIP = range(11)
ELEMENT, FRAGMENT, TEXT = 3, 4, 6
LEFT, RIGHT, KEY = 0x80, 0x40, 0x20


def uint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(128 | (number & 127))
        number >>= 7
    out.append(number)
    return bytes(out)


def string(words: str) -> bytes:
    written = words.encode()
    return uint(len(written)) + written


def item(
    kind: int,
    content: bytes,
    *,
    left: Id | None = None,
    right: Id | None = None,
    parent: Id | str = "text",
    key: str = "",
) -> bytes:
    """One struct. `parent` (the name of a root or an element's id) and `key` stand only where it has no
    neighbours."""
    info = kind | (LEFT if left else 0) | (RIGHT if right else 0) | (KEY if key else 0)
    out = bytes([info])
    for neighbour in (left, right):
        if neighbour:
            out += uint(neighbour[0]) + uint(neighbour[1])
    if not left and not right:
        named = isinstance(parent, str)
        out += b"\x01" + string(parent) if named else b"\x00" + uint(parent[0]) + uint(parent[1])
        if key:
            out += string(key)
    return out + content


def letters(words: str) -> bytes:
    return string(words)


def marker(name: str, json: str) -> bytes:
    """A format with its value as it is written, which need not be the shortest JSON."""
    return string(name) + string(json)


def element(name: str) -> bytes:
    return uint(ELEMENT) + string(name)


def values(*some: bytes) -> bytes:
    return uint(len(some)) + b"".join(some)


def value(one: object) -> bytes:
    return encode_any(one)


def pairs(*some: tuple[str, bytes]) -> bytes:
    """An object with these names in this order, of which one may stand twice."""
    return b"\x76" + uint(len(some)) + b"".join(string(name) + one for name, one in some)


def written(*parts: tuple[int, int, Iterable[bytes]], deletes: Iterable[tuple[int, int, int]] = ()) -> bytes:
    """An update: (replica, first clock, structs) each, and (replica, clock, length) of what is deleted."""
    out = uint(len(parts))
    for replica, clock, structs in parts:
        some = list(structs)
        out += uint(len(some)) + uint(replica) + uint(clock) + b"".join(some)
    gone: dict[int, list[tuple[int, int]]] = {}
    for replica, clock, length in deletes:
        gone.setdefault(replica, []).append((clock, length))
    out += uint(len(gone))
    for replica, ranges in gone.items():
        out += uint(replica) + uint(len(ranges)) + b"".join(uint(a) + uint(b) for a, b in ranges)
    return out
