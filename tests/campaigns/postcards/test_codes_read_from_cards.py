"""The printed codes are read from the pages of the PDF by the decoder that our phones use."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from coalition.campaigns.postcards.layout import CODE_MILLIMETRES
from coalition.campaigns.postcards.pdf import Layout, cards_pdf
from coalition.campaigns.postcards.queries import batches_of, designs_with_parts
from events.core.pdf.typeset import address_in_capitals
from tests.campaigns.postcards.builders import Cards
from tests.square_codes import DOTS, read_from_picture

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]

BATCHES = 10
CARDS = 500


@pytest.fixture
def ten(here: Cards, settings) -> Cards:
    settings.SITE_URL = "https://coalition.example"
    here.batches(BATCHES, CARDS)
    return here


def print_cards(here: Cards, layout: Layout, folder: Path) -> list[str]:
    """Write the PDF of all batches; return the address that each batch's code holds."""
    design = designs_with_parts().get(pk=here.design.pk)
    batches = list(batches_of(design))
    (folder / "cards.pdf").write_bytes(cards_pdf(design, batches, layout=layout))
    return [address_in_capitals(one.referral.code) for one in batches]


def drawn(folder: Path, number: int) -> Image.Image:
    """One page of the PDF, counted from 1, as a picture."""
    page = [str(number), "-l", str(number)]
    command = ["pdftoppm", "-r", str(DOTS), "-f", *page, "-singlefile", "-png", "cards.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    with Image.open(folder / "page.png") as opened:
        return opened.copy()


def test_one_code_of_each_batch_is_read_from_single_cards(ten, tmp_path):
    expected = print_cards(ten, Layout.SINGLE, tmp_path)
    backs = [
        2 * (batch * CARDS + batch) + 2 for batch in range(BATCHES)
    ]  # a card of each batch, another each
    assert [read_from_picture(drawn(tmp_path, page)) for page in backs] == expected
    assert expected[0].startswith("HTTPS://COALITION.EXAMPLE/Q/")


def test_the_codes_of_each_batch_are_read_from_its_sheets(ten, tmp_path):
    expected = print_cards(ten, Layout.SHEET, tmp_path)
    sheets = CARDS // 4
    for batch, address in enumerate(expected):
        page = drawn(tmp_path, 2 * (batch * sheets + batch) + 2)  # a sheet of each batch, another each
        quarters = quarters_of(page) if batch == BATCHES - 1 else quarters_of(page)[batch % 4 :][:1]
        assert [read_from_picture(quarter) for quarter in quarters] == [address] * len(quarters)


def quarters_of(page: Image.Image) -> list[Image.Image]:
    """The four cards on a sheet."""
    width, height = page.width // 2, page.height // 2
    corners = [(x * width, y * height) for y in range(2) for x in range(2)]
    return [page.crop((left, top, left + width, top + height)) for left, top in corners]


def test_a_code_is_twenty_two_millimetres_wide(ten, tmp_path):
    print_cards(ten, Layout.SINGLE, tmp_path)
    page = drawn(tmp_path, 2).convert("L")
    # The code is the only black thing in the lower right part of the card, above its address in letters.
    millimetre = DOTS / 25.4
    part = page.crop([round(one * millimetre) for one in (60, 101, 104, 127)])
    left, _top, right, _bottom = part.point(lambda grey: 255 if grey < 60 else 0).getbbox()
    assert (right - left) / millimetre == pytest.approx(CODE_MILLIMETRES, abs=0.3)
