"""Small films and sounds with a canary wherever metadata can stand. They have all parts that players need."""

from itertools import accumulate

CANARY = b"Canary-Name 43.2380"
PICTURES = b"\x00\x00\x01\x65 pictures of the film "
SOUND = b"\xff\xf1 sound of the film "
TIME = 3_900_000_000  # seconds since 1904: a day in 2027
MATRIX = b"\0\1\0\0" + bytes(12) + b"\0\1\0\0" + bytes(12) + b"\x40\0\0\0"


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return (8 + len(inside)).to_bytes(4) + kind + inside


def full(kind: bytes, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, bytes([version]) + flags.to_bytes(3), *content)


def times(kind: bytes, rest: bytes, *, version: int = 0) -> bytes:
    width = 8 if version else 4
    return full(kind, TIME.to_bytes(width), TIME.to_bytes(width), rest, version=version)


def table(kind: bytes, *rows: bytes) -> bytes:
    return full(kind, len(rows).to_bytes(4), *rows)


def u4(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4) for number in numbers)


def handler(kind: bytes) -> bytes:
    return full(b"hdlr", bytes(4), kind, bytes(12), b"Handler " + CANARY + b"\0")


def track(kind: bytes, offset: int, sizes: list[int], *, co64: bool = False) -> bytes:
    head = {b"vide": full(b"vmhd", bytes(8)), b"soun": full(b"smhd", bytes(4))}.get(kind, full(b"nmhd"))
    if kind == b"vide":
        name = bytes([31]) + (CANARY + b" encoder").ljust(31, b"\0")
        entry = box(b"avc1", bytes(42), name, u4(0x0018FFFF), box(b"avcC", b"\1"), box(b"uuid", CANARY))
    else:
        entry = box(b"mp4a" if kind == b"soun" else b"mebx", bytes(28))
    where = table(b"co64", offset.to_bytes(8)) if co64 else table(b"stco", u4(offset))
    stbl = box(
        b"stbl",
        table(b"stsd", entry),
        table(b"stts", u4(len(sizes), 100)),
        table(b"stsc", u4(1, len(sizes), 1)),
        full(b"stsz", u4(0, len(sizes), *sizes)),
        where,
    )
    dinf = box(b"dinf", table(b"dref", full(b"url ", CANARY, flags=1)))
    return box(
        b"trak",
        times(b"tkhd", u4(1, 0, 100) + bytes(52)),
        box(b"meta", CANARY),
        box(b"mdia", times(b"mdhd", u4(1000, 100, 0)), handler(kind), box(b"minf", head, dinf, stbl)),
        box(b"udta", box(b"name", CANARY)),
    )


def mp4(
    *,
    brand: bytes = b"isom",
    co64: bool = False,
    moov_last: bool = False,
    more: bytes = b"",
    third: bytes = b"meta",
) -> bytes:
    """Pictures, sound and a track of places, with a canary in every box that may hold one."""
    samples = [PICTURES, SOUND, CANARY + b" place"]
    ftyp = box(b"ftyp", brand, u4(512), b"isomiso2mp41")
    before = box(b"free", CANARY) + box(b"uuid", bytes(16), b"<x:xmpmeta>" + CANARY) + more

    def moov(first: int) -> bytes:
        offsets = list(accumulate((len(one) for one in samples[:-1]), initial=first))
        kinds = (b"vide", b"soun", third)
        tracks = [
            track(kind, offset, [len(one) - 4, 4], co64=co64)
            for kind, offset, one in zip(kinds, offsets, samples, strict=True)
        ]
        mvhd = times(b"mvhd", u4(1000, 100, 0x10000) + bytes(12) + MATRIX + bytes(24) + u4(4), version=1)
        udta = box(b"udta", box(b"\xa9xyz", b"\0\x13\0\0" + CANARY), full(b"loci", CANARY), bytes(4))
        ilst = full(b"meta", handler(b"mdir"), box(b"ilst", box(b"\xa9too", CANARY)))
        return box(b"moov", mvhd, *tracks, udta, ilst)

    mdat = box(b"mdat", *samples, CANARY + b" left over")
    head = ftyp + before
    if moov_last:
        return head + mdat + moov(len(head) + 8) + box(b"meta", CANARY)
    return head + moov(len(head) + len(moov(0)) + 8) + mdat


def sized(size: int, length: int | None = None) -> bytes:
    """A size of EBML."""
    length = length or next(one for one in range(1, 9) if size < (1 << 7 * one) - 1)
    return ((1 << 7 * length) | size).to_bytes(length)


UNKNOWN = b"\x01" + b"\xff" * 7


def element(number: int, *content: bytes, unknown: bool = False) -> bytes:
    inside = b"".join(content)
    head = number.to_bytes((number.bit_length() + 7) // 8)
    return head + (UNKNOWN if unknown else sized(len(inside))) + inside


def tags() -> bytes:
    tag = element(0x67C8, element(0x45A3, b"LOCATION"), element(0x4487, CANARY))
    return element(0x1254C367, element(0x7373, element(0x63C0), tag))


def vorbis_private() -> bytes:
    packets = [b"\x01vorbis" + bytes(23), vorbis_comments(), b"\x05vorbis" + bytes(40)]
    lacing = b"".join(bytes([255] * (len(one) // 255) + [len(one) % 255]) for one in packets[:2])
    return b"\x02" + lacing + b"".join(packets)


def comments() -> bytes:
    entries = [b"LOCATION=" + CANARY, b"METADATA_BLOCK_PICTURE=" + CANARY * 40]
    vendor = b"Lavf " + CANARY
    listed = b"".join(len(one).to_bytes(4, "little") + one for one in entries)
    return len(vendor).to_bytes(4, "little") + vendor + len(entries).to_bytes(4, "little") + listed


def vorbis_comments() -> bytes:
    return b"\x03vorbis" + comments() + b"\x01"


def webm(*, unknown: bool = False, more: bytes = b"") -> bytes:
    """Pictures, sound and a track of places, with a canary in every element that may hold one."""

    def entry(number: int, kind: int, codec: bytes, *rest: bytes) -> bytes:
        numbers = element(0xD7, bytes([number])), element(0x83, bytes([kind]))
        return element(0xAE, *numbers, element(0x86, codec), element(0x536E, CANARY), *rest)

    head = element(0x1A45DFA3, element(0x4282, b"webm"), element(0x4286, b"\1"))
    info = element(
        0x1549A966,
        element(0x2AD7B1, u4(1_000_000)),
        element(0x7BA9, CANARY),
        element(0x4461, bytes(8)),
        element(0x4D80, CANARY),
        element(0x5741, CANARY),
    )
    tracks = element(
        0x1654AE6B,
        entry(1, 1, b"V_VP8", element(0xE0, element(0xB0, b"\x10"), element(0xBA, b"\x10"))),
        entry(2, 2, b"A_VORBIS", element(0x63A2, vorbis_private())),
        entry(3, 33, b"D_WEBVTT/METADATA"),
    )
    seek = element(0x114D9B74, element(0x4DBB, element(0x53AB, b"\x12\x54\xc3\x67"), element(0x53AC, b"\1")))
    cluster = element(
        0x1F43B675,
        element(0xE7, b"\0"),
        element(0xA3, b"\x81\0\0\x80", PICTURES),
        element(0xA0, element(0xA1, b"\x82\0\0\0", SOUND), element(0x9B, b"\1")),
        element(0xA0, element(0xA1, b"\x83\0\0\0", CANARY), element(0x9B, b"\1")),
        element(0xA3, b"\x83\0\0\x80", CANARY),
        element(0xEC, CANARY),
        unknown=unknown,
    )
    attached = element(0x1941A469, element(0x61A7, element(0x466E, CANARY), element(0x465C, CANARY * 500)))
    chapters = element(0x1043A770, element(0x45B9, element(0xB6, element(0x80, element(0x85, CANARY)))))
    parts = [seek, info, tags(), tracks, cluster, tags(), cluster, attached, chapters, more, tags()]
    return head + element(0x18538067, *parts, unknown=unknown)
