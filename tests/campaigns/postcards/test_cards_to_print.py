"""The cards as PDF: pages, sizes, marks, what meets on two sides, and names that are not told."""

import io
import subprocess

import pytest
from PIL import Image
from pypdf import PageObject, PdfReader

from coalition.campaigns.postcards.actions import create_design
from coalition.campaigns.postcards.layout import card_batch
from coalition.campaigns.postcards.pdf import Copies, Layout, Page, cards_pdf, page_order, preview_png
from coalition.campaigns.postcards.queries import batches_of, designs_with_parts
from coalition.core.errors import Refused
from tests.campaigns.postcards.builders import Cards, picture_of, publish_words, withheld

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]

A6 = (105, 148)
A4 = (210, 297)
MILLIMETRE = 72 / 25.4  # points


def printed(here: Cards, *, layout: Layout, **given: object) -> list[PageObject]:
    design = designs_with_parts().get(pk=here.design.pk)
    content = cards_pdf(design, list(batches_of(design)), layout=layout, **given)
    return list(PdfReader(io.BytesIO(content)).pages)


def size_of(page: PageObject) -> tuple[int, int]:
    """The page in millimetres; all boxes are one, since nothing is printed beyond the cut."""
    assert page.mediabox == page.trimbox == page.bleedbox == page.cropbox
    return round(page.mediabox.width / MILLIMETRE), round(page.mediabox.height / MILLIMETRE)


def places_of(page: PageObject, words: str) -> list[tuple[str, str, str]]:
    """Where these words stand on a sheet: what is written there, column and row."""
    found = []

    def visit(text: str, drawn: list[float], matrix: list[float], *_font: object) -> None:
        if words in text:
            across = matrix[4] * drawn[0] + matrix[5] * drawn[2] + drawn[4]
            up = matrix[4] * drawn[1] + matrix[5] * drawn[3] + drawn[5]
            column = "left" if across < 105 * MILLIMETRE else "right"
            row = "upper" if up > 148.5 * MILLIMETRE else "lower"
            found.append((text.partition("·")[0].strip(), column, row))

    page.extract_text(visitor_text=visit)
    return found


def numbers_on(page: PageObject) -> list[tuple[str, str, str]]:
    """The numbers of batches on a sheet, each with column and row."""
    return places_of(page, "№")


def test_single_cards_have_two_pages_each_of_the_size_of_a_card(here):
    here.batches(2, 3)
    pages = printed(here, layout=Layout.SINGLE)
    assert len(pages) == 12
    assert {size_of(page) for page in pages} == {A6}
    backs = [page.extract_text() for page in pages[1::2]]
    assert ["№ 1" in text for text in backs] == [True] * 3 + [False] * 3
    assert ["№ 2" in text for text in backs] == [False] * 3 + [True] * 3
    assert all("A card" in page.extract_text() for page in pages[::2])


def test_kazakh_stands_first_and_the_address_is_in_letters(here, settings):
    settings.SITE_URL = "https://coalition.example"
    [batch] = here.batches(1, 1)
    _front, back = printed(here, layout=Layout.SINGLE)
    text = back.extract_text()
    assert text.index("Құрметті") < text.index("Уважаемый") < text.index("Dear deputy")
    assert f"coalition.example/q/{batch.referral.code}" in text


def test_four_cards_on_a_sheet_of_a4_each_batch_on_sheets_of_its_own(here):
    here.batches(2, 5)
    pages = printed(here, layout=Layout.SHEET)
    assert {size_of(page) for page in pages} == {A4}
    assert [len(numbers_on(page)) for page in pages] == [0, 4, 0, 1, 0, 4, 0, 1]
    assert {number for page in pages[:4] for number, *_place in numbers_on(page)} == {"№ 1"}


def test_backs_are_mirrored_so_that_they_meet_their_fronts(here):
    here.batches(1, 5)
    *_whole, front, back = printed(here, layout=Layout.SHEET)
    titles = places_of(front, "A card")
    assert {(column, row) for _title, column, row in titles} == {("left", "upper")}  # the fifth card
    assert numbers_on(back) == [("№ 1", "right", "upper")]  # and its back on the right: they meet when turned


def test_crop_marks_stand_at_the_two_cuts_of_a_sheet_and_on_no_single_card(here, tmp_path):
    here.batches(1, 4)
    design = designs_with_parts().get(pk=here.design.pk)
    batches = list(batches_of(design))
    for layout in Layout:
        (tmp_path / f"{layout.value}.pdf").write_bytes(cards_pdf(design, batches, layout=layout))
        command = [
            "pdftoppm",
            "-r",
            "254",
            "-png",
            f"{layout.value}.pdf",
            layout.value,
        ]  # 10 dots a millimetre
        subprocess.run(command, cwd=tmp_path, check=True)
    at_cuts = [(105, 2), (105, 295), (2, 148.5), (208, 148.5), (105, 148.5)]
    for side in sorted(tmp_path.glob("sheet-*.png")):
        page = Image.open(side).convert("L")
        assert [darkest_near(page, *place) < 128 for place in at_cuts] == [True] * 5
        assert darkest_near(page, 105, 20) == 255  # cards are cut apart where nothing is printed
    single = Image.open(tmp_path / "single-2.png").convert("L")
    assert single.crop((0, 0, single.width, 60)).getextrema()[0] == 255


def darkest_near(page: Image.Image, x: float, y: float) -> int:
    """The darkest dot within half a millimetre of a place in millimetres."""
    part = page.crop((round(x * 10) - 5, round(y * 10) - 5, round(x * 10) + 5, round(y * 10) + 5))
    return part.getextrema()[0]


def test_once_a_batch_is_for_a_printer_that_repeats_the_pages(here):
    here.batches(3, 500)
    assert len(printed(here, layout=Layout.SINGLE, copies=Copies.ONCE)) == 6
    assert len(printed(here, layout=Layout.SHEET, copies=Copies.ONCE)) == 6


def test_more_than_twenty_thousand_cards_are_printed_batch_by_batch(here):
    here.batches(1, 20_001)
    with pytest.raises(Refused, match="20\u00a0000 cards at most"):
        printed(here, layout=Layout.SHEET)
    assert len(printed(here, layout=Layout.SHEET, copies=Copies.ONCE)) == 2


def test_without_an_open_batch_there_is_nothing_to_print(here):
    with pytest.raises(Refused, match="no open batch"):
        printed(here, layout=Layout.SHEET)


def test_the_order_of_pages_repeats_what_is_drawn_once():
    pages, order = page_order([2, 1], Layout.SINGLE)
    assert pages == [Page(None), Page(0), Page(1)]
    assert order == [0, 1, 0, 1, 0, 2]
    pages, order = page_order([4, 3], Layout.SHEET)
    assert pages == [Page(None, 4), Page(0, 4), Page(None, 3), Page(1, 3)]
    assert order == [0, 1, 2, 3]


def test_an_organisation_whose_name_is_withheld_is_on_no_card(here):
    hidden, shown = withheld(here, "Canary"), here.partner(name_kk="Көрінетін ұйым")
    here.batches(2, 1, hidden, shown)
    pages = printed(here, layout=Layout.SINGLE)
    text = " ".join(page.extract_text() for page in pages)
    assert "Көрінетін ұйым" in text
    assert "Canary" not in text
    assert [card_batch(one, "kk").organisation for one in batches_of(here.design)] == ["", "Көрінетін ұйым"]


def test_previews_are_pictures_of_both_sides(here):
    picture = picture_of(here.access)
    design = create_design(
        access=here.access,
        publication=publish_words(here.made, {"kk": "Short words"}),
        slug="with-a-picture",
        languages=["kk"],
        action="appeal",
        target=here.appeal.uuid,
        front_picture=picture,
    )
    found = designs_with_parts().get(pk=design.pk)
    front, back = preview_png(found, "front"), preview_png(found, "back")
    assert front != back
    assert {one[:4] for one in (front, back)} == {b"\x89PNG"}
