"""Months in templates are written as each language writes them."""

import re

from tests.architecture.source import ROOT

# M and N write a capital into the month, which Kazakh and Russian never do. E is its name beside a day.
CAPITAL_MONTH = re.compile(r"""\|date:["'](?![A-Z_]+_FORMAT)[^"']*[MN]""")


def test_no_month_is_written_with_a_capital_in_every_language() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if CAPITAL_MONTH.search(line)
    ]
    assert not found
