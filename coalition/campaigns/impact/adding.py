"""How the lines of a figure add up to its total. Pure, no I/O.

Every reader reads the same total. Who may not read an organisation's name reads its number together with
those of all others whose names are withheld. Counts of people stand in full tens (`core.suppression`), so
that neither a line nor a difference between two lines or two days tells of fewer than ten.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from coalition.campaigns.core.suppression import full_tens


@dataclass(frozen=True)
class Lines:
    """The lines of one figure. `named`: (organisation, value), the largest first. `withheld`: of
    `withheld_organisations` together. `others`: what belongs to no one organisation; of people also what is
    left of the tens, and what withheld organisations reached. The three add up to `total`.
    """

    total: int
    named: tuple[tuple[int, int], ...] = ()
    withheld: int = 0
    withheld_organisations: int = 0
    others: int = 0


def add_up(values: Mapping[int | None, int], *, named: Collection[int], of_people: bool) -> Lines:
    """Return the lines of a figure. `values`: by organisation, None for what belongs to none. `named`:
    organisations whose names the reader may read. Values of 0 are left out.

    Raises ValueError for a negative value.
    """
    if any(value < 0 for value in values.values()):
        raise ValueError("a value is negative")
    present = {key: value for key, value in values.items() if value}
    total = sum(present.values())
    shown = {key: value for key, value in present.items() if key is not None and key in named}
    hidden = [value for key, value in present.items() if key is not None and key not in named]
    if of_people:
        total = full_tens(total)
        shown = {key: tens for key, value in shown.items() if (tens := full_tens(value))}
        withheld, count = 0, 0  # with the rest of the tens: alone it could be subtracted
    else:
        withheld, count = sum(hidden), len(hidden)
    ordered = tuple(sorted(shown.items(), key=lambda one: (-one[1], one[0])))
    others = total - sum(shown.values()) - withheld
    return Lines(total, ordered, withheld, count, others)
