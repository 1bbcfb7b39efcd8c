"""Cards as PDF: single pages of A6, or four on a sheet of A4 for two sides; and previews as pictures.

The typesetter draws each page that differs once: the front, and one back for each batch. The file then holds
as many pages as there are cards, which share that content: 5,000 cards take hardly longer than ten.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.campaigns.core.drawn_once import drawn_once
from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.postcards.layout import (
    TEMPLATE,
    CardBatch,
    CardContent,
    card_batch,
    code_files,
    content_of,
)
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.core.errors import Refused

CARDS_ON_SHEET: Final = 4
MOST_CARDS_IN_FILE: Final = 20_000
_PREVIEW_PIXELS_AN_INCH: Final = 150


class Layout(models.TextChoices):
    SINGLE = "single", pgettext_lazy("layout of cards", "Single cards (A6, two pages a card)")
    SHEET = "sheet", pgettext_lazy("layout of cards", "Four on a sheet (A4, crop marks)")


class Copies(models.TextChoices):
    EVERY = "every", pgettext_lazy("copies of cards", "Every card, as many as the batch has")
    ONCE = "once", pgettext_lazy("copies of cards", "Each batch once: the printer repeats the pages")


@dataclass(frozen=True)
class Page:
    """One page that differs from the others. `batch`: place in the list of batches, None for a front;
    `cards`: how many stand on it."""

    batch: int | None
    cards: int = 1


def cards_pdf(
    design: CardDesign, batches: Sequence[Batch], *, layout: Layout, copies: Copies = Copies.EVERY
) -> bytes:
    """Return the cards of these batches, batch after batch: front, back, front, back. On sheets each batch
    begins a new one, and backs stand mirrored, so that they meet when the sheet is turned at the long edge.

    Raises Refused if there are no batches, or more than 20,000 cards, or as `card_words` does.
    """
    if not batches:
        raise Refused(_("There is no open batch to print."))
    total = sum(batch.quantity for batch in batches)
    if copies == Copies.EVERY and total > MOST_CARDS_IN_FILE:
        raise Refused(
            _(
                "One file holds %(most)s cards at most. Print batch by batch, or take each batch once and "
                "let the printer repeat the pages."
            ),
            most=f"{MOST_CARDS_IN_FILE:,}".replace(",", "\u00a0"),
        )
    quantities = [batch.quantity if copies == Copies.EVERY else _once(layout) for batch in batches]
    shown = [card_batch(batch, design.languages[0]) for batch in batches]
    return typeset_cards(content_of(design), shown, quantities, layout=layout)


def typeset_cards(
    content: CardContent, batches: Sequence[CardBatch], quantities: Sequence[int], *, layout: Layout
) -> bytes:
    """Return the PDF of so many cards of each batch."""
    pages, order = page_order(quantities, layout)
    data = _data(content, batches, pages, layout=layout)
    drawn = draw_template(TEMPLATE, data, format="pdf", pictures=content.files() | code_files(batches))
    return _repeated(drawn, order)


def _once(layout: Layout) -> int:
    return CARDS_ON_SHEET if layout == Layout.SHEET else 1


def page_order(quantities: Sequence[int], layout: Layout) -> tuple[list[Page], list[int]]:
    """Return the pages that differ, and in which order they stand in the file (places in the first list).

    `quantities`: how many cards each batch has.
    """
    pages: list[Page] = []
    order: list[int] = []

    def place_of(page: Page) -> int:
        if page not in pages:
            pages.append(page)
        return pages.index(page)

    on_page = CARDS_ON_SHEET if layout == Layout.SHEET else 1
    for batch, quantity in enumerate(quantities):
        whole, rest = divmod(quantity, on_page)
        for count, times in ((on_page, whole), (rest, 1 if rest else 0)):
            if times:
                order += [place_of(Page(None, count)), place_of(Page(batch, count))] * times
    return pages, order


def _data(
    content: CardContent, batches: Sequence[CardBatch], pages: Sequence[Page], *, layout: Layout
) -> dict[str, Any]:
    return {
        **content.data(),
        "measure": False,
        "layout": layout.value,
        "batches": [batch.data() for batch in batches],
        "pages": [{"batch": page.batch, "cards": page.cards} for page in pages],
    }


def _repeated(pdf: bytes, order: Sequence[int]) -> bytes:
    """Return a PDF with these pages of the given one in this order; repeated pages share their content."""
    from pypdf import PdfReader, PdfWriter  # loads fontTools, which few pages need

    drawn = PdfReader(io.BytesIO(pdf)).pages
    known = {place: drawn[place] for place in set(order)}
    writer = PdfWriter()
    for place in order:
        writer.add_page(known[place])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def preview_png(design: CardDesign, side: str, batch: Batch | None = None) -> bytes:
    """Return the front or the back of a card as picture. `side`: "front" or "back"; `batch`: whose code it
    shows, None for a card without one. Each machine draws each content once."""
    content = content_of(design)
    shown = card_batch(batch, design.languages[0]) if batch is not None else CardBatch()
    page = Page(None) if side == "front" else Page(0)
    data = _data(content, [shown], [page], layout=Layout.SINGLE)
    pictures = content.files() | code_files([shown])
    named = {"what": f"postcard {side}", "content": json.dumps(data), "code": shown.code}

    def draw() -> bytes:
        return draw_template(
            TEMPLATE, data, format="png", pictures=pictures, pixels_an_inch=_PREVIEW_PIXELS_AN_INCH
        )

    return drawn_once(named | {"picture": design.front_picture_sha256}, draw)
