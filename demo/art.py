"""Pictures of the campaign, drawn from petals, numerals and flat colours.

The same variant gives the same pixels every time, so seeding again adds no new file.
"""

import math
from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from demo.shapes import (
    LEFT,
    MIDDLE,
    NUMERAL_HEIGHT,
    NUMERALS,
    PETAL_BOX,
    RIGHT,
    STROKE,
    Outline,
    Point,
    points,
    stroked,
)

COVER = (1600, 900)
POSTER = (1200, 1600)
LOGO = (480, 240)
FINER = 3  # drawn this much larger, then reduced: Pillow's polygons have hard edges

# The light scheme of assets/css/tokens.css.
TULIP = "#b30a4e"
DEEP = "#7c0436"
LIGHT = "#e2628f"
SAFFRON = "#ffc42e"
INK = "#1d1219"
GROUND = "#f6f3f5"
LINE = "#dfd8dc"
WHITE = "#ffffff"
HUES = (
    "#ad0d4d", "#1f5fbf", "#0f6e4f", "#7a3fa6", "#9a4a00", "#0b6b80",
    "#4b5a1c", "#b5352a", "#3f4aa8", "#8a2f6b", "#5c5147", "#2f6a2c",
)  # fmt: skip


class Canvas:
    """A picture in its own coordinates, reduced when it is finished."""

    def __init__(self, size: tuple[int, int], ground: str) -> None:
        self.width, self.height = size
        self._image = Image.new("RGB", (size[0] * FINER, size[1] * FINER), ground)
        self._draw = ImageDraw.Draw(self._image)

    def finished(self) -> Image.Image:
        return self._image.resize((self.width, self.height), Image.Resampling.BOX)

    def polygon(self, corners: list[Point], colour: str) -> None:
        self._draw.polygon([(x * FINER, y * FINER) for x, y in corners], fill=colour)

    def rectangle(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        right, bottom = left + width, top + height
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def petal(self, outline: Outline, at: Point, height: float, colour: str) -> None:
        scale = height / PETAL_BOX[1]
        self.polygon([(at[0] + x * scale, at[1] + y * scale) for x, y in points(outline)], colour)

    def tulip(self, at: Point, height: float, colours: tuple[str, str, str] = (LIGHT, SAFFRON, DEEP)) -> None:
        for outline, colour in zip((LEFT, MIDDLE, RIGHT), colours, strict=True):
            self.petal(outline, at, height, colour)

    def bud(self, centre: Point, height: float, colour: str) -> None:
        """One middle petal, by its centre."""
        scale = height / PETAL_BOX[1]
        self.petal(MIDDLE, (centre[0] - 300 * scale, centre[1] - height / 2), height, colour)

    def numeral(self, digit: str, at: Point, height: float, colour: str) -> None:
        scale = height / NUMERAL_HEIGHT
        for stroke in NUMERALS[digit]:
            for corners in stroked(points(stroke), STROKE):
                self.polygon([(at[0] + x * scale, at[1] + y * scale) for x, y in corners], colour)

    def tumar(self, top: float, colour: str, side: float = 40) -> None:
        """A row of triangular amulets along the lower edge, from `top` down."""
        count = round(self.width / side)
        for place in range(count):
            left = place * side
            self.polygon(
                [(left, top + side * 0.6), (left + side / 2, top), (left + side, top + side * 0.6)], colour
            )
        self.rectangle(0, top + side * 0.6 - 1, self.width, self.height - top, colour)


def cover(variant: str) -> Image.Image:
    """The cover of an article, 1600 × 900. Raises KeyError for a variant that is not in COVERS."""
    return COVERS[variant]()


@cache
def cover_png(variant: str) -> bytes:
    """The cover as a file, drawn once in a process: most are used more than once. Raises as `cover`."""
    return png(cover(variant))


def poster() -> Image.Image:
    """The campaign's poster, 1200 × 1600: the tulip that is a shield, with 1, 2, 3 and the row of amulets."""
    canvas = Canvas(POSTER, TULIP)
    _tulip_123(canvas, (130, 190), 1128)
    canvas.tumar(1500, GROUND)
    return canvas.finished()


def logo(hue: int) -> Image.Image:
    """A logo, 480 × 240: three buds in the colour of an organisation (1 to 12) on white."""
    canvas, colour = Canvas(LOGO, WHITE), HUES[(hue - 1) % len(HUES)]
    for place in range(3):
        canvas.bud((120 + place * 120, 120), 190, colour)
    return canvas.finished()


def png(image: Image.Image) -> bytes:
    """The picture as a file without metadata; flat colours need no more than a palette of 128."""
    file = BytesIO()
    image.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        file, "PNG", optimize=True
    )
    return file.getvalue()


def _tulip_123(canvas: Canvas, at: Point, height: float) -> None:
    scale = height / PETAL_BOX[1]
    canvas.tulip(at, height)
    for digit, left, top, colour in (("1", 48, 248, TULIP), ("2", 248, 248, TULIP), ("3", 438, 248, SAFFRON)):
        canvas.numeral(digit, (at[0] + left * scale, at[1] + top * scale), 210 * scale, colour)


def _article_123() -> Image.Image:
    canvas = Canvas(COVER, TULIP)
    _tulip_123(canvas, (500, 100), 720)
    canvas.tumar(840, GROUND)
    return canvas.finished()


def _convictions() -> Image.Image:
    canvas = Canvas(COVER, DEEP)
    canvas.tulip((-150, 100), 1300, (LIGHT, SAFFRON, TULIP))
    for place in range(25):
        canvas.tulip((1000 + place % 5 * 105, 105 + place // 5 * 142), 104, (WHITE, WHITE, WHITE))
    return canvas.finished()


def _zero() -> Image.Image:
    canvas = Canvas(COVER, INK)
    canvas.numeral("0", (548, 90), 720, TULIP)
    canvas.bud((800, 450), 300, SAFFRON)
    return canvas.finished()


def _five() -> Image.Image:
    canvas = Canvas(COVER, SAFFRON)
    canvas.numeral("5", (150, 120), 660, TULIP)
    for place, colour in enumerate((TULIP, DEEP, LIGHT, DEEP, TULIP)):
        canvas.bud((720 + place * 180, 450), 560, colour)
    return canvas.finished()


def _letters() -> Image.Image:
    canvas = Canvas(COVER, TULIP)
    for place in range(24):
        left, top = 60 + place % 6 * 252, 60 + place // 6 * 205
        chosen = place == 15
        canvas.rectangle(left, top, 220, 165, SAFFRON if chosen else WHITE)
        canvas.bud((left + 182, top + 50), 64, DEEP if chosen else LIGHT)
        for row, width in enumerate((84, 84, 150)):
            canvas.rectangle(left + 22, top + 52 + row * 32, width, 9, DEEP if chosen else LINE)
    return canvas.finished()


def _exhibition() -> Image.Image:
    canvas = Canvas(COVER, GROUND)
    canvas.rectangle(0, 770, 1600, 130, LINE)
    # Outline, the middle of its box, ground of the frame, colour of the petal.
    frames = ((LEFT, 156, TULIP, LIGHT), (MIDDLE, 300, DEEP, SAFFRON), (RIGHT, 444, SAFFRON, TULIP))
    for place, (outline, middle, ground, petal) in enumerate(frames):
        left, scale = 130 + place * 470, 430 / PETAL_BOX[1]
        canvas.rectangle(left, 110, 400, 540, INK)
        canvas.rectangle(left + 18, 128, 364, 504, ground)
        canvas.petal(outline, (left + 200 - middle * scale, 165), 430, petal)
    return canvas.finished()


def _twelve() -> Image.Image:
    canvas = Canvas(COVER, DEEP)
    for place, colour in enumerate(HUES):
        left, top = 185 + place % 6 * 210, 170 + place // 6 * 230
        canvas.rectangle(left, top, 180, 200, colour)
        canvas.bud((left + 90, top + 100), 130, WHITE)
    canvas.tumar(790, SAFFRON)
    return canvas.finished()


def _agreement() -> Image.Image:
    """Sixteen buds around one tulip: the organisations, and what they promise each other."""
    canvas = Canvas(COVER, GROUND)
    for place in range(16):
        turn = math.tau * (place + 0.5) / 16
        canvas.bud((800 + 620 * math.sin(turn), 420 - 320 * math.cos(turn)), 112, HUES[place % len(HUES)])
    canvas.tulip((620, 210), 432, (LIGHT, SAFFRON, TULIP))
    canvas.tumar(850, TULIP)
    return canvas.finished()


COVERS: dict[str, Callable[[], Image.Image]] = {
    "article-123": _article_123,
    "convictions": _convictions,
    "zero": _zero,
    "five": _five,
    "letters": _letters,
    "exhibition": _exhibition,
    "twelve": _twelve,
    "agreement": _agreement,
}
