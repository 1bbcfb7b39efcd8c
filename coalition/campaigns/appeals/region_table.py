"""The table of regions that leaves with a hand-over: no small number can be read from it.

`coalition.campaigns.core.suppression` takes the place of `publishable` where it is there.
"""

from collections.abc import Mapping

SMALLEST = 10  # a published cell is 0 or at least this
REST = ""  # code of the row that holds all regions that are not shown


def publishable(counts: Mapping[str, int], *, smallest: int = SMALLEST) -> list[tuple[str, int]]:
    """Return (region code, count), the largest first, so that no count from 1 to `smallest` − 1 can be found,
    also not by subtraction from the total, which is public.

    Regions below `smallest` are one row, `REST`. If that row would be small itself, the smallest shown
    regions join it until it is not. With a total below `smallest` there is no table.
    """
    shown = sorted(((code, number) for code, number in counts.items() if number >= smallest), key=_largest)
    rest = sum(number for number in counts.values() if 0 < number < smallest)
    while 0 < rest < smallest and shown:
        rest += shown.pop()[1]
    if 0 < rest < smallest:
        return []
    return [*shown, (REST, rest)] if rest else shown


def _largest(row: tuple[str, int]) -> tuple[int, str]:
    return -row[1], row[0]
