"""Pages and pictures: their sizes, what stands on them, and that nothing is cut."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image, ImageChops
from pypdf import PdfReader

from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.posters.content import PosterContent
from coalition.campaigns.media_package.posters.drawing import draw_poster, preview_poster
from coalition.core.errors import Refused

CONTENT = PosterContent(
    template="poster",
    language="kk",
    title="Әрбір үшінші әйел: үндемеу — жауап емес",
    lead="Һәм іс жүзінде ол ңөұү әріптері бар сөз.",
    numeral="17 %",
    figure="әйел зардап шеккен",
    source="Қазақстан, 18–75 жас. Ұлттық статистика бюросы, 2023.",
    terms=(("Авторлары", "Ұлпан Һәкімова"), ("Қаржыландыру", "Қор")),
    address="https://site.example/kk/media/third/",
    description="",
)
LONG = "сөйлемінен " * 400
TEMPLATES = ("poster", "infographic")


def of(template: str) -> PosterContent:
    return replace(CONTENT, template="infographic" if template == "infographic" else "poster")


def picture(content: PosterContent, rendition_format: Format) -> Image.Image:
    drawn = draw_poster(content, rendition_format)
    assert (drawn.content_type, drawn.ending) == ("image/png", ".png")
    return Image.open(BytesIO(drawn.content)).convert("RGB")


def words_of(pdf: bytes) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    ("rendition_format", "size"),
    [
        (Format.WIDE, (1920, 1080)),
        (Format.PORTRAIT, (1080, 1350)),
        (Format.SQUARE, (1080, 1080)),
        (Format.STORY, (1080, 1920)),
        (Format.WEB, (1200, 675)),
    ],
)
def test_a_picture_has_the_size_of_its_format(template: str, rendition_format: Format, size) -> None:
    assert picture(of(template), rendition_format).size == size


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    ("rendition_format", "millimetres"), [(Format.A3, (297, 420)), (Format.A4, (210, 297))]
)
def test_a_page_for_print_has_one_page_with_every_word(
    template: str, rendition_format: Format, millimetres
) -> None:
    drawn = draw_poster(of(template), rendition_format)
    assert (drawn.content_type, drawn.ending) == ("application/pdf", ".pdf")
    (page,) = PdfReader(BytesIO(drawn.content)).pages
    side = [round(float(points) / 72 * 25.4) for points in (page.mediabox.width, page.mediabox.height)]
    assert tuple(side) == millimetres
    words = words_of(drawn.content)
    shown = (CONTENT.title, CONTENT.lead, "17 %", CONTENT.figure, CONTENT.source, "Ұлпан Һәкімова", "Қор")
    assert [one for one in (*shown, "site.example/kk/media/third") if one not in words] == []


def test_nothing_stands_there_but_the_words_the_site_and_the_address() -> None:
    words = words_of(draw_poster(CONTENT, Format.A4).content)
    terms = [part for term in CONTENT.terms for part in term]
    for one in (
        settings.SITE_NAME,
        "site.example/kk/media/third",
        CONTENT.title,
        CONTENT.lead,
        CONTENT.numeral,
        CONTENT.figure,
        CONTENT.source,
        *terms,
    ):
        words = words.replace(one, "", 1)
    assert words.split() == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_top_and_bottom_of_a_story_are_free_of_words(template: str) -> None:
    short = replace(of(template), title="Ә", lead="", terms=(), numeral="", source="")
    one, other = picture(of(template), Format.STORY), picture(short, Format.STORY)
    box = ImageChops.difference(one, other).getbbox()
    assert box is not None
    assert (box[1] >= 250, box[3] <= 1920 - 250) == (True, True)
    for top in (0, 1670):  # one colour, and the line at the lower edge
        band = one.crop((0, top, 1080, top + 250))
        assert len(band.getcolors() or []) <= 2


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("part", ["title", "lead", "figure", "source"])
def test_words_that_do_not_fit_are_refused_by_the_name_of_the_language(template: str, part: str) -> None:
    content = replace(of(template), **{part: LONG})
    with pytest.raises(Refused) as refusal:
        draw_poster(content, Format.SQUARE)
    assert "Қазақша" in refusal.value.message


def test_a_word_wider_than_the_page_is_refused() -> None:
    with pytest.raises(Refused):
        draw_poster(replace(CONTENT, title="ұзынсөз" * 30), Format.PORTRAIT)


def test_a_long_address_of_a_source_breaks_where_it_may() -> None:
    source = f"Stat. https://stat.example/{'research/' * 12}2023"
    assert draw_poster(replace(CONTENT, source=source), Format.PORTRAIT).content


@pytest.mark.parametrize(
    ("numeral", "percentage", "of_hundred"),
    [
        ("17 %", 17, 17),
        ("17\u00a0%", 17, 17),
        ("17,5 %", 17.5, None),
        ("100%", 100, 100),
        ("240 %", None, None),
        ("25", None, None),
        ("", None, None),
    ],
)
def test_people_are_drawn_for_whole_percentages_only(numeral, percentage, of_hundred) -> None:
    content = replace(of("infographic"), numeral=numeral)
    assert content.percentage == percentage
    assert content.data()["of_hundred"] == of_hundred
    assert content.data()["share"] == (percentage / 100 if percentage and of_hundred is None else None)


def test_seventeen_of_a_hundred_are_coloured() -> None:
    """The more people, the more of their colour; the words stay."""

    def coloured(numeral: str) -> int:
        content = replace(of("infographic"), numeral=numeral)
        colours = picture(content, Format.SQUARE).getcolors(1_000_000) or []
        return sum(count for count, colour in colours if colour == (0xB3, 0x0A, 0x4E))

    assert coloured("17 %") < coloured("47 %") < coloured("77 %")


def test_a_preview_of_a_page_for_print_is_a_small_picture() -> None:
    drawn = Image.open(BytesIO(preview_poster(CONTENT, Format.A3)))
    assert drawn.format == "PNG"
    assert max(drawn.size) < 1200
