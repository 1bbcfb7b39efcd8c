"""Films and sounds lose all metadata; pictures and sound stay where they were."""

import io
import wave

import pytest

from documents.files.metadata import media, sound
from documents.files.metadata.media import clean_media
from documents.files.metadata.sound import NotCleaned
from tests.documents.files.metadata import media_samples as samples
from tests.documents.files.metadata.media_samples import (
    CANARY,
    PICTURES,
    SOUND,
    box,
    element,
    full,
    table,
    u4,
)


def refused(content: bytes, ending: str) -> str:
    with pytest.raises(NotCleaned) as caught:
        clean_media(content, ending)
    return caught.value.code


def has_no_canary(content: bytes) -> bool:
    return CANARY not in content and b"Canary" not in content and b"43.2380" not in content


def children(content: bytes, start: int, end: int) -> list[tuple[bytes, int, int]]:
    """Kind, begin and end of the content of boxes, read on their own."""
    found, at = [], start
    while at < end:
        size = int.from_bytes(content[at : at + 4])
        found.append((content[at + 4 : at + 8], at + 8, at + size))
        at += size
    assert at == end
    return found


MP4S = {
    "the usual order": {},
    "samples first": {"moov_last": True},
    "long offsets": {"co64": True},
    "QuickTime": {"brand": b"qt  ", "more": box(b"wide")},
}


@pytest.mark.parametrize("name", MP4S)
def test_an_mp4_keeps_pictures_and_sound_at_their_places(name: str) -> None:
    content = samples.mp4(**MP4S[name])
    assert content.count(b"Canary") > 20
    clean = clean_media(content, "mp4")
    assert len(clean) == len(content)
    assert has_no_canary(clean)
    for part in (PICTURES, SOUND):
        assert clean.index(part) == content.index(part)
    assert samples.TIME.to_bytes(4) not in clean
    assert clean_media(clean, "mp4") == clean


def test_an_mp4_is_made_of_the_same_boxes() -> None:
    content = samples.mp4()
    clean = clean_media(content, "m4a")
    before, after = children(content, 0, len(content)), children(clean, 0, len(clean))
    assert [one[1:] for one in before] == [one[1:] for one in after]
    assert [one[0] for one in after] == [b"ftyp", b"free", b"free", b"moov", b"mdat"]
    moov = next(one for one in after if one[0] == b"moov")
    assert [one[0] for one in children(clean, *moov[1:])] == [
        b"mvhd",
        b"trak",
        b"trak",
        b"free",
        b"free",
        b"free",
    ]


def test_a_fragmented_mp4_keeps_its_samples() -> None:
    """All samples are of pictures and sound, so none is looked at."""
    moov = samples.mp4(third=b"soun")
    moof = box(b"moof", full(b"mfhd", u4(1)), box(b"uuid", CANARY))
    clean = clean_media(moov + moof + box(b"emsg", CANARY), "mp4")
    assert clean.count(PICTURES) == 1
    assert b"emsg" not in clean
    assert refused(samples.mp4() + moof, "mp4") == "other_tracks"


def test_uncompressed_sound_is_kept_to_the_next_chunk() -> None:
    """QuickTime counts it in other units than bytes."""
    content = samples.mp4()
    size = full(b"stsz", u4(0, 2, len(SOUND) - 4, 4))
    same = full(b"stsz", u4(1, 2, len(SOUND) - 4, 4))
    clean = clean_media(content.replace(size, same), "mov")
    assert SOUND in clean
    assert has_no_canary(clean)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\0\0\0\x03moov", "broken"),
        (samples.mp4()[:-5], "broken"),
        (samples.mp4() + b"\0\0", "broken"),
        (box(b"ftyp", b"isom"), "broken"),
        (box(b"moov", box(b"cmov", b"zlib")), "compressed"),
        (samples.mp4().replace(full(b"url ", CANARY, flags=1), full(b"url ", CANARY)), "outside"),
        (samples.mp4().replace(table(b"stsc", u4(1, 2, 1)), table(b"stsc", u4(7, 2, 1))), "broken"),
    ],
)
def test_an_mp4_that_is_not_understood_is_refused(content: bytes, code: str) -> None:
    assert refused(content, "mp4") == code


def test_boxes_without_end_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(media, "_MOST_BOXES", 100)
    assert refused(samples.mp4(more=box(b"free") * 100), "mp4") == "broken"


@pytest.mark.parametrize("unknown", [False, True])
def test_a_webm_keeps_pictures_and_sound_at_their_places(*, unknown: bool) -> None:
    content = samples.webm(unknown=unknown)
    assert content.count(b"Canary") > 20
    clean = clean_media(content, "webm")
    assert len(clean) == len(content)
    assert has_no_canary(clean)
    assert b"LOCATION" not in clean
    for part in (PICTURES, SOUND):
        assert [at for at in range(len(content)) if content.startswith(part, at)] == [
            at for at in range(len(clean)) if clean.startswith(part, at)
        ]
    assert clean_media(clean, "webm") == clean


@pytest.mark.parametrize("size", [2, 3, 127, 128, 129, 130, 16_384, 16_386, 16_387, 16_388])
def test_a_void_has_the_size_of_what_it_replaces(size: int) -> None:
    """Whatever the length of its own size: the segment's other parts stay where they are."""
    length = next(one for one in (1, 2, 3) if size - 1 - one < (1 << 7 * one) - 1)
    title = b"\x81" + samples.sized(size - 1 - length, length)
    content = samples.webm(more=title + b"\x41" * (size - len(title)))
    clean = clean_media(content, "webm")
    assert len(clean) == len(content)
    assert clean_media(clean, "webm") == clean


@pytest.mark.parametrize(
    "content",
    [
        b"",
        samples.webm()[:-3],
        samples.webm()[:40],
        element(0x1A45DFA3, element(0x4282, b"webm")),
        samples.webm() + b"\0",
        samples.webm(more=element(0x1254C367, CANARY, unknown=True)),
    ],
)
def test_a_webm_that_is_not_understood_is_refused(content: bytes) -> None:
    assert refused(content, "webm") == "broken"


def test_elements_without_end_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(media, "_MOST_ELEMENTS", 100)
    assert refused(samples.webm(more=b"\xec\x80" * 100), "webm") == "broken"


def page(serial: int, number: int, content: bytes, *, flags: int = 0, whole: bool = True) -> bytes:
    table = [255] * (len(content) // 255) + ([len(content) % 255] if whole else [])
    head = b"OggS\0" + bytes([flags]) + bytes(8) + serial.to_bytes(4, "little") + number.to_bytes(4, "little")
    made = bytearray(head + bytes(4) + bytes([len(table)]) + bytes(table) + content)
    made[22:26] = checksum(made).to_bytes(4, "little")
    return bytes(made)


def checksum(content: bytes) -> int:
    """The checksum of Ogg, bit by bit, as RFC 3533 describes it."""
    rest = 0
    for byte in content:
        rest ^= byte << 24
        for _bit in range(8):
            rest = (rest << 1) ^ (0x104C11DB7 if rest & 0x80000000 else 0)
    return rest


@pytest.mark.parametrize(
    ("first", "comments"),
    [
        (b"\x01vorbis" + bytes(23), samples.vorbis_comments()),
        (b"OpusHead" + bytes(11), b"OpusTags" + samples.comments()),
    ],
)
def test_an_ogg_loses_its_comments(first: bytes, comments: bytes) -> None:
    cut = 255 * 2  # the comments go on in the page after
    pages = [(first, True), (comments[:cut], False), (comments[cut:], True), (SOUND, True)]
    content = b"".join(page(7, number, part, whole=whole) for number, (part, whole) in enumerate(pages))
    clean = clean_media(content, "ogg")
    assert len(clean) == len(content)
    assert has_no_canary(clean)
    at = 0
    while at < len(clean):
        size = 27 + clean[at + 26] + sum(clean[at + 27 : at + 27 + clean[at + 26]])
        one = bytearray(clean[at : at + size])
        told, one[22:26] = int.from_bytes(one[22:26], "little"), bytes(4)
        assert told == checksum(one)
        at += size
    assert SOUND in clean


def test_an_ogg_with_more_than_sound_is_refused() -> None:
    assert refused(page(7, 0, b"\x80theora" + CANARY), "ogg") == "other_tracks"
    assert refused(b"OggS", "ogg") == "broken"
    with pytest.raises(NotCleaned):
        sound.blank_comments(b"OpusTags")


FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz


def id3(content: bytes) -> bytes:
    return b"ID3\x04\0\0" + bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0)) + content


def test_an_mp3_keeps_its_frames_alone() -> None:
    tag = b"TAG" + CANARY.ljust(125, b"\0")
    ape = b"APETAGEX" + bytes(24) + CANARY
    wide = CANARY.decode().encode("utf-16")
    content = id3(b"TIT2" + CANARY + wide) + id3(CANARY) + FRAME * 3 + CANARY + FRAME * 2 + ape + tag
    assert clean_media(content, "mp3") == FRAME * 5
    assert refused(id3(CANARY), "mp3") == "broken"


def test_a_wav_keeps_its_sound_alone() -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(b"\x01\x02" * 50)
    plain = out.getvalue()

    def chunk(kind: bytes, content: bytes) -> bytes:
        return kind + len(content).to_bytes(4, "little") + content + bytes(len(content) % 2)

    more = chunk(b"LIST", b"INFOIART" + CANARY) + chunk(b"bext", CANARY) + chunk(b"id3 ", CANARY)
    clean = clean_media(plain[:12] + more + plain[12:] + more, "wav")
    assert clean == plain
    with wave.open(io.BytesIO(clean)) as read:
        assert read.readframes(99) == b"\x01\x02" * 50
    assert refused(plain[:-4], "wav") == "broken"
    assert refused(b"RIFF....AVI ", "wav") == "broken"
