"""Outlines of the campaign's shapes: three petals that close to a shield, and numerals.

Petals stand in a box of 600 × 720, numerals in one 200 high. Curves are cubic Béziers.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
Curve = tuple[Point, Point, Point]  # two controls, one end
Outline = tuple[Point, tuple[Curve, ...]]

PETAL_BOX = (600, 720)
LEFT: Outline = (
    (32, 34),
    (
        ((110, 70), (168, 130), (184, 204)),
        ((196, 420), (240, 600), (300, 720)),
        ((150, 650), (30, 530), (12, 360)),
        ((2, 240), (12, 140), (32, 34)),
    ),
)
RIGHT: Outline = (
    (568, 34),
    (
        ((490, 70), (432, 130), (416, 204)),
        ((404, 420), (360, 600), (300, 720)),
        ((450, 650), (570, 530), (588, 360)),
        ((598, 240), (588, 140), (568, 34)),
    ),
)
MIDDLE: Outline = (
    (300, 0),
    (
        ((236, 60), (196, 130), (184, 204)),
        ((196, 420), (240, 600), (300, 720)),
        ((360, 600), (404, 420), (416, 204)),
        ((404, 130), (364, 60), (300, 0)),
    ),
)

NUMERAL_HEIGHT = 200
STROKE = 38
# Each stroke is a start and its curves; a straight stretch has its controls on its ends.
NUMERALS: dict[str, tuple[Outline, ...]] = {
    "0": (((70, 19), (((134, 19), (134, 181), (70, 181)), ((6, 181), (6, 19), (70, 19)))),),
    "1": (((12, 52), (((12, 52), (58, 22), (58, 22)), ((58, 22), (58, 200), (58, 200)))),),
    "2": (
        (
            (17, 74),
            (
                ((15, 1), (86, 1), (84, 66)),
                ((83, 106), (32, 130), (22, 181)),
                ((22, 181), (100, 181), (100, 181)),
            ),
        ),
    ),
    "3": (
        (
            (8, 19),
            (
                ((8, 19), (84, 19), (84, 19)),
                ((84, 19), (40, 84), (40, 84)),
                ((100, 80), (100, 184), (44, 181)),
                ((26, 181), (13, 172), (6, 160)),
            ),
        ),
    ),
    "5": (
        (
            (92, 19),
            (
                ((92, 19), (27, 19), (27, 19)),
                ((27, 19), (22, 92), (22, 92)),
                ((36, 78), (86, 70), (83, 128)),
                ((80, 190), (26, 190), (7, 164)),
            ),
        ),
    ),
}


def points(outline: Outline, *, steps: int = 48) -> list[Point]:
    """The outline as a line of points, straight stretches by their ends."""
    start, curves = outline
    line = [start]
    for first, second, end in curves:
        begin = line[-1]
        if (first, second) == (begin, end):
            line.append(end)
        else:
            line.extend(_bezier(begin, first, second, end, step / steps) for step in range(1, steps + 1))
    return line


def stroked(line: Sequence[Point], width: float) -> list[list[Point]]:
    """A line of the given width as polygons: a rectangle a stretch, a mitre at each corner, butt ends."""
    closed = line[0] == line[-1]
    stretches = [pair for pair in pairwise(line) if pair[0] != pair[1]]
    polygons = [_rectangle(begin, end, width) for begin, end in stretches]
    following = [*stretches[1:], stretches[0]] if closed else stretches[1:]
    polygons.extend(_mitre(before, after, width) for before, after in zip(stretches, following, strict=False))
    return polygons


def _bezier(begin: Point, first: Point, second: Point, end: Point, t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (
        sum(weight * point[axis] for weight, point in zip(weights, (begin, first, second, end), strict=True))
        for axis in (0, 1)
    )
    return x, y


def _side(begin: Point, end: Point, width: float) -> Point:
    """Half the width, across the stretch."""
    length = math.dist(begin, end)
    return -(end[1] - begin[1]) / length * width / 2, (end[0] - begin[0]) / length * width / 2


def _rectangle(begin: Point, end: Point, width: float) -> list[Point]:
    x, y = _side(begin, end, width)
    return [
        (begin[0] + x, begin[1] + y),
        (end[0] + x, end[1] + y),
        (end[0] - x, end[1] - y),
        (begin[0] - x, begin[1] - y),
    ]


def _mitre(before: tuple[Point, Point], after: tuple[Point, Point], width: float) -> list[Point]:
    """The outer corner between two stretches, pointed as far as half the width away from each."""
    corner = before[1]
    first, second = _side(*before, width), _side(*after, width)
    turn = first[0] * second[1] - first[1] * second[0]
    sign = -1 if turn > 0 else 1
    first, second = (sign * first[0], sign * first[1]), (sign * second[0], sign * second[1])
    together = (first[0] + second[0], first[1] + second[1])
    reach = together[0] ** 2 + together[1] ** 2
    scale = width**2 / 2 / reach if reach else 0
    tip = (corner[0] + together[0] * scale, corner[1] + together[1] * scale)
    ends = [(corner[0] + x, corner[1] + y) for x, y in (first, second)]
    return [corner, ends[0], tip, ends[1]]
