"""Anybody checks a published text in their own browser: with one press, and a changed one is found."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.demo import Demo, Person
from tests.markup import squeezed

pytestmark = pytest.mark.timeout(200, func_only=True)


def _newest_sheet(demo: Demo) -> str:
    """The address of the newest sheet, without the language."""
    found = re.search(
        r'<h2><a href="/en(/publications/[0-9a-f-]+/)"', squeezed(demo.get("/en/publications/").decode())
    )
    assert found is not None
    return found.group(1)


def _press(page: Page) -> None:
    page.locator("[data-sheet] button").click()
    expect(page.locator("[data-outcome]:visible")).to_have_count(1)


def _spoiled(page: Page, spoil: Callable[[dict[str, Any]], object], *, address: str) -> None:
    """From now on this browser gets another file than the server sent."""

    def answer(route: Route) -> None:
        given = route.fetch()
        sheet = given.json()
        spoil(sheet)
        route.fulfill(response=given, body=json.dumps(sheet))

    page.unroute_all()
    page.route(f"**{address}", answer)


def _words(sheet: dict[str, Any]) -> None:
    sheet["documents"][0]["document"]["title"] += "."


def _one_more(sheet: dict[str, Any]) -> None:
    sheet["approvals"]["named"].append(sheet["approvals"]["named"][0])


def _record(sheet: dict[str, Any]) -> None:
    sheet["record"] = sheet["record"].replace('"number":', '"number": ')


def _link(sheet: dict[str, Any]) -> None:
    sheet["record"] = sheet["record"].replace('"record":1', '"record":2')


def test_a_sheet_counts_itself_again(demo: Demo, person: Callable[..., Person]) -> None:
    address = _newest_sheet(demo)
    reader = person()
    page = reader.page
    for language in ("kk", "ru", "en"):
        reader.go(f"/{language}{address}")
        _press(page)
        expect(page.locator('[data-outcome="good"]')).to_be_visible()
        expect(page.locator("[data-holds]:visible")).to_have_count(page.locator("[data-check]").count())
    own = f"/en{address.rstrip('/')}.json"
    former = json.loads(demo.get(own))["previous_publication"]
    before = f"/en/publications/{former}.json"
    for spoil, at, fails in (
        (_words, own, "words-"),
        (_one_more, own, "names"),
        (_record, own, "record"),
        (_link, before, "chain"),
    ):
        _spoiled(page, spoil, address=at)
        _press(page)
        expect(page.locator('[data-outcome="bad"]')).to_be_visible()
        expect(page.locator(f'[data-check^="{fails}"] [data-fails]:visible').first).to_be_visible()
    assert not page.locator("script:not([src])").count()
