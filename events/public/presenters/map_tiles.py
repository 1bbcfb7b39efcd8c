"""The map: each region of Kazakhstan is a square of the same size, about where it lies."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.accounts.regions import REGIONS

SIDE = 100  # of a square, in units of the drawing
GAP = 4

# column, row, and the name short enough for a square
PLACES = {
    "KZ-59": (2, 0, pgettext_lazy("region, short", "North")),
    "KZ-27": (0, 1, pgettext_lazy("region, short", "West")),
    "KZ-39": (1, 1, pgettext_lazy("region, short", "Qostanay")),
    "KZ-11": (2, 1, pgettext_lazy("region, short", "Aqmola")),
    "KZ-71": (3, 1, _("Astana")),
    "KZ-55": (4, 1, pgettext_lazy("region, short", "Pavlodar")),
    "KZ-23": (0, 2, pgettext_lazy("region, short", "Atyrau")),
    "KZ-15": (1, 2, pgettext_lazy("region, short", "Aqtobe")),
    "KZ-62": (2, 2, pgettext_lazy("region, short", "Ulytau")),
    "KZ-35": (3, 2, pgettext_lazy("region, short", "Qaraghandy")),
    "KZ-10": (4, 2, pgettext_lazy("region, short", "Abai")),
    "KZ-63": (5, 2, pgettext_lazy("region, short", "East")),
    "KZ-47": (0, 3, pgettext_lazy("region, short", "Mangystau")),
    "KZ-43": (1, 3, pgettext_lazy("region, short", "Qyzylorda")),
    "KZ-61": (2, 3, pgettext_lazy("region, short", "Turkistan")),
    "KZ-31": (3, 3, pgettext_lazy("region, short", "Zhambyl")),
    "KZ-19": (4, 3, pgettext_lazy("region, short", "Almaty obl.")),
    "KZ-33": (5, 3, pgettext_lazy("region, short", "Zhetisu")),
    "KZ-79": (2, 4, _("Shymkent")),
    "KZ-75": (4, 4, _("Almaty")),
}


@dataclass(frozen=True)
class Tile:
    """A square: where it stands, how the region is called, how many events are there."""

    code: str
    x: int
    y: int
    name: str
    short: str
    tiny: str
    count: int

    @property
    def middle(self) -> int:
        return self.x + (SIDE - GAP) // 2

    @property
    def foot(self) -> int:
        return self.y + SIDE - GAP


def tiles_of(counts: Mapping[str, int]) -> list[Tile]:
    """All squares from north to south and west to east."""
    return [
        _tile(code, column, row, str(short), counts.get(code, 0))
        for code, (column, row, short) in PLACES.items()
    ]


def _tile(code: str, column: int, row: int, short: str, count: int) -> Tile:
    tiny = short if len(short) <= 4 else f"{short[:3]}."
    return Tile(code, column * SIDE, row * SIDE, str(REGIONS[code]), short, tiny, count)
