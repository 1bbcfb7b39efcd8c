"""Months and days of the week are written as each language writes them."""

import re
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT

# M and N write a capital into the month, which Kazakh and Russian never do. E is its name beside a day.
CAPITAL_MONTH = re.compile(r"""\|date:["'](?![A-Z_]+_FORMAT)[^"']*[MN]""")


# l and D write a capital into the day of the week: say whether it begins a line or stands within one.
WEEKDAY = re.compile(r"""\|date:(["'])(?![A-Z_]+_FORMAT)[^"']*[lD][^"']*\1(?!\|(?:within|capfirst))""")
CALL = re.compile(r"date_format\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
FORMAT = re.compile(r"""["']([^"']+)["']""")
UTC_DAY = re.compile(r"\bnow\(\)\.date\(\)|\bdate\.today\(\)")
MAY = {"coalition/jobs/date_formats.py"}


def test_every_weekday_in_a_template_says_how_it_stands() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if WEEKDAY.search(line)
    ]
    assert not found
    assert WEEKDAY.search('{{ day|date:"l" }}')
    assert not WEEKDAY.search('{{ day|date:"l"|within }}')


def test_weekdays_are_put_into_words_in_one_place() -> None:
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if _writes_weekdays(path.read_text(encoding="utf-8"))
    ]
    assert set(found) == MAY


def _writes_weekdays(code: str) -> bool:
    formats = [form for call in CALL.findall(code) for form in FORMAT.findall(call)]
    return any(re.search("[lD]", form) for form in formats if not form.endswith("_FORMAT"))


def test_no_month_is_written_with_a_capital_in_every_language() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if CAPITAL_MONTH.search(line)
    ]
    assert not found


def test_a_day_is_that_of_the_sites_time_zone_never_that_of_utc() -> None:
    """`now().date()` is yesterday for five hours of each night in Almaty: `localdate(now())` is the day."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in (*PACKAGES, "tests")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if UTC_DAY.search(line)
    ]
    assert not found
