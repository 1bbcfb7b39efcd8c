"""The demo's pictures: the right size, the campaign's colours, the same pixels every time."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from demo import art

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("variant", art.COVERS)
def test_a_cover_is_a_small_file_of_1600_by_900(variant):
    data = art.png(art.cover(variant))
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("PNG", (1600, 900))
    assert len(data) < 80_000
    assert not image.info.get("exif")


def test_the_poster_stands_upright():
    assert art.poster().size == (1200, 1600)


def test_every_cover_is_a_picture_of_its_own_and_comes_out_the_same_again():
    first = {variant: hashlib.sha256(art.png(art.cover(variant))).hexdigest() for variant in art.COVERS}
    again = {variant: hashlib.sha256(art.png(art.cover(variant))).hexdigest() for variant in art.COVERS}
    assert first == again
    assert len(set(first.values())) == len(art.COVERS)


def test_the_convictions_are_twenty_five_marks():
    image = art.cover("convictions").convert("RGB")
    marks = 0
    for row in range(5):
        for column in range(5):
            centre = (1000 + column * 105 + 43, 105 + row * 142 + 52)
            marks += image.getpixel(centre) == (255, 255, 255)
    assert marks == 25


def test_an_unknown_variant_is_refused():
    with pytest.raises(KeyError):
        art.cover("roses")
