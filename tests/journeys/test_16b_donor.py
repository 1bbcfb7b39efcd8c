"""Journey 16b: a donor reads the figures of a grant by a link. Totals equal their lines, and the centre whose
name is withheld is counted and not named. A report is frozen, a figure corrected, and the report lists it.
Once the link is ended it opens nothing."""

import hashlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.campaigning import first_link
from tests.journeys.demo import Demo, Person
from tests.journeys.gathering import workspace_of

pytestmark = pytest.mark.timeout(240, func_only=True)

PHONE = 360
DONOR = "Journey Fund, Ms Sample"
WITHHELD = ("Syr Qyzdary", "Сыр кыздары", "Сыр қыздары", "Bokter", "Бөктер")
NOTE = "Journey: twelve people came twice"


def test_a_donor_reads_what_a_grant_brought(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator: Person = person("coordinator").choose_language("en")
    impact = f"{workspace_of(coordinator.page).removeprefix(demo.address)}impact/"
    grant = first_link(coordinator.go(f"{impact}grants/"), rf"{impact}grants/[0-9a-f-]{{36}}/")
    link = give_link(coordinator, grant)
    donor = person(width=PHONE).page
    donor.goto(link)
    totals_equal_lines(donor)
    report = freeze(coordinator, impact)
    correct(coordinator, impact)
    donor.reload()
    assert len(donor.get_by_role("link", name=re.compile("frozen on")).all()) >= 2
    donor.goto(f"{link}reports/{report}/")
    changes = donor.locator("section", has=donor.locator("#since"))
    expect(changes).to_contain_text("People trained")
    expect(changes).to_contain_text(NOTE)
    totals_equal_lines(donor)
    its_file_has_the_hash(donor, f"{link}reports/{report}/report.json")
    end_link(coordinator, grant)
    for address in (link, f"{link}figures.csv", f"{link}reports/{report}/"):
        answer = donor.request.get(address)
        assert answer.status == 410
        assert "A safe place to work" not in answer.text()


def give_link(coordinator: Person, grant: str) -> str:
    """Give a link for a month, and return its address."""
    page = coordinator.go(grant)
    page.get_by_label("Who gets it").fill(DONOR)
    page.get_by_label("Language of the page").select_option("en")
    page.get_by_label("Opens until").fill(in_a_month(page))
    page.get_by_role("button", name="Give a link").click()
    row = page.locator("li", has_text=DONOR)
    expect(row).to_be_visible()
    return row.locator("input[readonly]").input_value()


def in_a_month(page: Page) -> str:
    """A day of the browser's clock, which is the server's."""
    moment: str = page.evaluate("new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10)")
    return moment


def totals_equal_lines(page: Page) -> None:
    """Of every figure; with a withheld organisation among them, which is nowhere named."""
    expect(page.locator("article.impact-figure").first).to_be_visible()
    figures = page.locator("article.impact-figure", has=page.locator("table"))
    for figure in figures.all():
        lines = [number(one.inner_text()) for one in figure.locator("tbody td:last-child").all()]
        assert sum(lines) == number(figure.locator(".impact-figure__total b").inner_text())
    expect(page.locator("main")).to_contain_text("1 organisation whose name is withheld")
    words = page.content()
    assert [name for name in WITHHELD if name in words] == []


def number(words: str) -> int:
    return int("".join(re.findall(r"\d", words)))


def freeze(coordinator: Person, impact: str) -> str:
    """Freeze a report of the grant, and return its UUID."""
    page = coordinator.go(f"{impact}reports/")
    page.get_by_label("Grant", exact=False).first.select_option(index=1)
    page.get_by_role("button", name="Freeze it").click()
    expect(page.locator("main")).to_contain_text("Nothing changed since.")
    return page.url.rstrip("/").rpartition("/")[2]


def correct(coordinator: Person, impact: str) -> None:
    """Correct the first declared number of people trained that the grant pays."""
    page = coordinator.go(impact)
    page.get_by_label("Grant").select_option(index=1)
    page.get_by_role("button", name="Show").click()
    figure = page.locator("article.impact-figure", has_text="People trained")
    figure.locator("summary").click()
    figure.get_by_role("link", name="Open").first.click()
    page.get_by_role("link", name="Correct").click()
    page.get_by_label("Number", exact=True).fill("104")
    page.get_by_label("What was wrong").fill(NOTE)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text(NOTE)


def its_file_has_the_hash(page: Page, address: str) -> None:
    page.locator("summary", has_text="Check that nothing was changed").click()
    shown = page.locator("code.impact-hash").inner_text().strip()
    answer = page.request.get(address)
    assert answer.ok
    assert hashlib.sha256(answer.body()).hexdigest() == shown


def end_link(coordinator: Person, grant: str) -> None:
    page = coordinator.go(grant)
    page.locator("li", has_text=DONOR).get_by_role("button", name="End it").click()
    expect(page.locator("li", has_text=DONOR)).to_contain_text("Ended")
