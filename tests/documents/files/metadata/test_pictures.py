"""Pictures inside of other files lose their metadata; not a pixel changes."""

import io

import pytest
from PIL import Image, ImageChops

from documents.files.metadata.pictures import clean_jpeg2000, clean_picture_inside
from documents.files.metadata.sound import NotCleaned
from tests.documents.files.metadata import document_samples as samples
from tests.documents.files.metadata.document_samples import CANARY

PICTURES = {"JPEG": samples.jpeg(), "PNG": samples.png(), "GIF": samples.gif(), "WebP": samples.webp()}


def metadata(content: bytes) -> list[object]:
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        told = {key: value for key, value in picture.info.items() if CANARY in str(value)}
        return [*told, *picture.getexif()]


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_keeps_its_pixels_alone(kind: str) -> None:
    content = PICTURES[kind]
    assert metadata(content)
    clean = clean_picture_inside(content)
    assert metadata(clean) == []
    assert CANARY.encode() not in clean
    with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(clean)) as after:
        assert before.size == after.size
        assert getattr(before, "n_frames", 1) == getattr(after, "n_frames", 1)
        assert ImageChops.difference(before.convert("RGBA"), after.convert("RGBA")).getbbox() is None


def test_a_jpeg_of_many_scans_keeps_them() -> None:
    out = io.BytesIO()
    Image.effect_noise((64, 64), 80).save(
        out, "JPEG", progressive=True, comment=CANARY, icc_profile=b"profile"
    )
    clean = clean_picture_inside(out.getvalue())
    with Image.open(io.BytesIO(clean)) as after, Image.open(out) as before:
        assert after.tobytes() == before.tobytes()
        assert after.info["icc_profile"] == b"profile"
        assert "comment" not in after.info


def test_a_jpeg_2000_keeps_its_codestream() -> None:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(out, "JPEG2000")
    more = b"".join((8 + len(CANARY)).to_bytes(4) + kind + CANARY.encode() for kind in (b"xml ", b"uuid"))
    assert clean_jpeg2000(out.getvalue() + more) == out.getvalue()


@pytest.mark.parametrize("content", [b"", b"II*\0", b"<svg/>", b"RIFF....AVI "])
def test_an_unknown_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotCleaned, match="picture"):
        clean_picture_inside(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
@pytest.mark.parametrize("length", [7, 30, 60])
def test_half_a_picture_is_refused(kind: str, length: int) -> None:
    with pytest.raises(NotCleaned):
        clean_picture_inside(PICTURES[kind][:length])
