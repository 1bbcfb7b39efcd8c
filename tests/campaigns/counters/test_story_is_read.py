"""The square of a Story is read by the decoder that our phones use."""

import io

import pytest
from PIL import Image

from tests.square_codes import read_from_picture

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_the_square_leads_to_the_appeal(appeal, client, settings) -> None:
    settings.SITE_URL = "https://coalition.example"
    drawn = client.get("/kk/support/word/story.png").content
    address = "https://coalition.example/kk/support/word/"
    assert read_from_picture(Image.open(io.BytesIO(drawn))) == address
