"""Drawing the picture that a shared address shows: 1200 × 630 pixels, with the title in its language."""

from pathlib import Path
from typing import Final

from django.conf import settings

from coalition.campaigns.core.typesetting import draw_template

TEMPLATE: Final = Path(__file__).with_name("card.typ")
_LONGEST: Final = 300


def draw_card(*, title: str, kind: str, language: str) -> bytes:
    """The picture as PNG. Every letter is drawn in Onest, the site's typeface, whatever the machine has."""
    words = {"title": title[:_LONGEST], "kind": kind, "language": language, "site": settings.SITE_NAME}
    return draw_template(TEMPLATE, words, format="png")
