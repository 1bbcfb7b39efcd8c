"""The frames of `y-websocket`: parsed from untrusted clients, written for the stock provider.

A frame is lib0's encoding: a kind, then its parts. Sources: y-protocols' `sync.js` and `awareness.js`. Two
kinds are ours: SAVED gives the number of this socket's writes in the database, REFUSED says that one was
refused or that a right was reduced; the stock provider passes unknown kinds to the page.
"""

import json
from dataclasses import dataclass
from typing import Any

SYNC, AWARENESS, QUERY_AWARENESS = 0, 1, 3
SAVED, REFUSED = 10, 11
STEP1, STEP2, UPDATE = 0, 1, 2

LARGEST_FRAME = 1024 * 1024  # bytes
LARGEST_AWARENESS = 4 * 1024
MOST_STATES = 64  # awareness states in one frame
LARGEST_UINT = 2**53 - 1  # the largest safe integer of JavaScript
LARGEST_COUNT = 2**32  # of changes of an awareness state: readable after our increment
NOTHING = b"\x00\x00"  # an update without structs and deletions


class BadFrame(Exception):
    """The frame violates the protocol or a limit; `str()` is the reason for closing the socket."""


@dataclass(frozen=True)
class Frame:
    """One frame from a browser. `part` is STEP1, STEP2 or UPDATE for SYNC, otherwise 0."""

    kind: int
    part: int
    payload: bytes


@dataclass(frozen=True)
class Presence:
    """One awareness state; None when its browser has left."""

    client: int
    clock: int
    state: dict[str, Any] | None


def read_frame(data: bytes | None) -> Frame:
    """Parse one frame. Raises BadFrame for text, unknown kinds, excess length, and trailing bytes."""
    if data is None:
        raise BadFrame("binary expected")
    if len(data) > LARGEST_FRAME:
        raise BadFrame("frame too large")
    kind, at = read_uint(data, 0)
    if kind == QUERY_AWARENESS and at == len(data):
        return Frame(kind, 0, b"")
    part = 0
    if kind == SYNC:
        part, at = read_uint(data, at)
    if (kind == SYNC and part not in {STEP1, STEP2, UPDATE}) or kind not in {SYNC, AWARENESS}:
        raise BadFrame("unknown frame")
    payload, at = _read_buffer(data, at)
    if at != len(data):
        raise BadFrame("frame with a tail")
    if kind == AWARENESS and len(payload) > LARGEST_AWARENESS:
        raise BadFrame("awareness too large")
    return Frame(kind, part, payload)


def read_presences(payload: bytes) -> list[Presence]:
    """Parse the states of an awareness frame. Raises BadFrame."""
    count, at = read_uint(payload, 0)
    if count > MOST_STATES:
        raise BadFrame("too many states")
    found = []
    for _ in range(count):
        client, at = read_uint(payload, at)
        clock, at = read_uint(payload, at)
        text, at = _read_buffer(payload, at)
        if clock > LARGEST_COUNT:
            raise BadFrame("number too large")
        found.append(Presence(client, clock, read_awareness_state(text)))
    if at != len(payload):
        raise BadFrame("awareness with a tail")
    return found


def read_awareness_state(text: bytes | str) -> dict[str, Any] | None:
    """Parse a browser's awareness state, None if it was cleared. Raises BadFrame for what other browsers
    could not parse: Python's JSON also accepts NaN, infinite numbers and lone surrogates."""
    try:
        state = json.loads(text)
        json.dumps(state, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise BadFrame("awareness is not JSON") from None
    if state is not None and not isinstance(state, dict):
        raise BadFrame("awareness is no object")
    return state


def read_state_vector(vector: bytes) -> dict[int, int]:
    """Parse a state vector: replica → number of its known changes. Raises BadFrame."""
    found = {}
    try:
        count, at = read_uint(vector, 0)
        for _ in range(count):
            client, at = read_uint(vector, at)
            found[client], at = read_uint(vector, at)
    except BadFrame:
        raise BadFrame("not a state vector") from None
    if at != len(vector):
        raise BadFrame("not a state vector")
    return found


def sync_frame(part: int, payload: bytes) -> bytes:
    """Return a SYNC frame: a state vector for STEP1, an update otherwise."""
    return bytes([SYNC, part]) + _with_length(payload)


def awareness_frame(presences: list[Presence]) -> bytes:
    """Return an AWARENESS frame."""
    body = bytearray(_encode_uint(len(presences)))
    for one in presences:
        text = json.dumps(one.state, ensure_ascii=False, separators=(",", ":")).encode()
        body += _encode_uint(one.client) + _encode_uint(one.clock) + _with_length(text)
    return bytes([AWARENESS]) + _with_length(bytes(body))


def saved_frame(count: int) -> bytes:
    """Return a SAVED frame: the number of this socket's STEP2 and UPDATE frames in the database."""
    return bytes([SAVED]) + _encode_uint(count)


def refused_frame(reason: str) -> bytes:
    """Return a REFUSED frame with a word for the page: it must reload the text."""
    return bytes([REFUSED]) + _with_length(reason.encode())


def read_uint(data: bytes, at: int) -> tuple[int, int]:
    """Read a lib0 varint; return it and the position after it. Raises BadFrame."""
    value, shift = 0, 0
    while True:
        if at >= len(data):
            raise BadFrame("frame cut off")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if value > LARGEST_UINT or shift > 63:
            raise BadFrame("number too large")
        if byte < 128:
            return value, at


def _read_buffer(data: bytes, at: int) -> tuple[bytes, int]:
    length, at = read_uint(data, at)
    end = at + length
    if end > len(data):
        raise BadFrame("frame cut off")
    return data[at:end], end


def _encode_uint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(128 | (value & 127))
        value >>= 7
    out.append(value)
    return bytes(out)


def _with_length(payload: bytes) -> bytes:
    return _encode_uint(len(payload)) + payload
