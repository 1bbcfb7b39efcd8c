"""lib0's encoding of JSON (`encodeAny`), as far as attributes of marks need it: y-prosemirror hashes it."""

import struct


def encode_any(value: object) -> bytes:
    """Return the bytes that the browser's library writes for this value.
    Objects keep their key order."""
    match value:
        case None:
            return b"\x7e"
        case bool():
            return b"\x78" if value else b"\x79"
        case int() if abs(value) < 2**31:
            return b"\x7d" + _signed(value)
        case int() | float():
            return b"\x7b" + struct.pack(">d", value)
        case str():
            return b"\x77" + _text(value)
        case list():
            return b"\x75" + _unsigned(len(value)) + b"".join(encode_any(one) for one in value)
        case dict():
            pairs = (_text(name) + encode_any(one) for name, one in value.items())
            return b"\x76" + _unsigned(len(value)) + b"".join(pairs)
    return b"\x7f"


def _text(words: str) -> bytes:
    written = words.encode()
    return _unsigned(len(written)) + written


def _unsigned(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(128 | (number & 127))
        number >>= 7
    out.append(number)
    return bytes(out)


def _signed(number: int) -> bytes:
    left, sign = abs(number), 64 if number < 0 else 0
    out = bytearray([(128 if left > 63 else 0) | sign | (left & 63)])
    left >>= 6
    while left:
        out.append((128 if left > 127 else 0) | (left & 127))
        left >>= 7
    return bytes(out)
