"""A table in a library: the volunteer's phone loses its connection, a supporter has one of their own."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.journeys.campaigning import APPEAL
from tests.journeys.demo import Person
from tests.journeys.gathering import workspace_of
from tests.journeys.samples import in_language
from tests.square_codes import read_from_picture

pytestmark = [pytest.mark.timeout(240, func_only=True), pytest.mark.usefixtures("checked")]

PHONE = 360
TOLD = 60_000  # milliseconds: a busy machine may take its time
TAPS = 1000


def _field(page: Page, name: str) -> Locator:
    return page.locator(f'main [name="{name}"]')


def _prepared(coordinator: Person) -> str:
    """A table of today; returns the link for its volunteers."""
    workspace = workspace_of(coordinator.page)
    page = coordinator.choose_language("en").go(f"{workspace}tables/new/")
    _field(page, "region").select_option("KZ-75")
    _field(page, "place").fill("Reading room")
    _field(page, "day").fill(page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Almaty'})"))
    _field(page, "permission_by").fill("City library")
    _field(page, "permission_on").fill("2026-01-15")
    page.get_by_role("button", name="Prepare it").click()
    expect(page.get_by_text("the owner’s written permission")).to_be_visible()
    page.get_by_role("link", name="Change", exact=True).click()
    _field(page, "permission_words").fill("Letter No. 5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is missing")).to_have_count(0)
    return re.sub(r"/(kk|ru)/table/", "/en/table/", page.locator("#table-address").input_value())


def _opened(volunteer: Person, link: str) -> Page:
    page = volunteer.go(link)
    for words in ("Letter No. 5", "Call the duty telephone", "If police come"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("button", name="I have read this: open the table").click()
    expect(page.locator("#line")).to_have_text("Online")
    page.evaluate("navigator.serviceWorker.ready")
    return page


def _code_on(page: Page) -> str:
    """What a camera reads from the screen."""
    expect(page.locator("#picture")).to_be_visible()
    with Image.open(BytesIO(page.locator("#picture").screenshot())) as opened:
        return read_from_picture(opened)


def test_a_person_supports_by_one_press_and_the_screen_shows_the_next_code(
    person: Callable[..., Person],
) -> None:
    link = _prepared(person("coordinator"))
    page = _opened(person(width=PHONE), link)
    first = _code_on(page)
    assert re.fullmatch(r"HTTP://LOCALHOST:\d+/AT/[A-Z3-9]{12}", first)

    supporter = person(width=PHONE)
    their = supporter.go(first.lower())
    expect(their).to_have_url(re.compile(r"/en/support/for-a-law/at/[A-Z3-9]{12}/$"))
    code_page = their.url
    their.get_by_role("button", name="I support the appeal").click()
    expect(their.get_by_role("heading", name="Your support is counted")).to_be_visible()
    expect(page.locator("#code-words")).to_contain_text("Next code", timeout=TOLD)
    expect(page.locator("#total-codes")).to_have_text("1", timeout=TOLD)
    assert _code_on(page) != first

    their = supporter.go(code_page)
    expect(their.get_by_text("it was counted once, and counts no more")).to_be_visible()
    assert supporter.context.cookies() == [], "nothing is asked and nothing is set"
    their.get_by_role("link", name="To the appeal").click()
    expect(their).to_have_url(re.compile(f"{APPEAL}$"))


def test_a_thousand_taps_offline_are_a_thousand(person: Callable[..., Person]) -> None:
    link = _prepared(person("coordinator"))
    volunteer = person(width=PHONE)
    page = _opened(volunteer, link)
    volunteer.context.set_offline(True)
    page.reload()
    expect(page.locator("#line")).to_have_text("No connection")
    expect(page.locator("#picture")).to_be_hidden()
    page.get_by_role("button", name="Add one").click()
    page.get_by_role("button", name="Add one").click()
    page.get_by_role("button", name="Take one back").click()
    expect(page.locator("#own")).to_have_text("1")
    page.evaluate(
        "n => { for (let i = 0; i < n; i++) document.querySelector('#taps .table__plus').click(); }", TAPS - 1
    )
    expect(page.locator("#own")).to_have_text(str(TAPS), timeout=TOLD)
    expect(page.locator("#waiting")).to_have_text(f"Not sent yet: {TAPS + 2}")
    for words in ("Letter No. 5", "If police come"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.reload()
    expect(page.locator("#own")).to_have_text(str(TAPS))
    expect(page.locator(".table__languages")).to_be_hidden()

    other = volunteer.context.new_page()
    volunteer.context.set_offline(False)
    other.goto(link)
    for one in (page, other):
        expect(one.locator("#waiting")).to_have_text("All sent", timeout=TOLD)
        expect(one.locator("#total-taps")).to_have_text(str(TAPS), timeout=TOLD)
    other.get_by_role("button", name="Add one").click()
    page.get_by_role("button", name="Add one").click()
    for one in (page, other):
        expect(one.locator("#own")).to_have_text(str(TAPS + 2), timeout=TOLD)
    expect(page.locator("#waiting")).to_have_text("All sent", timeout=TOLD)
    expect(page.locator("#total-taps")).to_have_text(str(TAPS + 2), timeout=TOLD)
    volunteer.context.set_offline(True)
    page.reload()
    expect(page.locator("#total-taps")).to_have_text(str(TAPS + 2))
    volunteer.context.set_offline(False)
    page.get_by_role("link", name="Қазақша").click()
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    expect(page.locator("#own")).to_have_text(str(TAPS + 2))
    kept = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert [name.startswith("coalition-table-") for name in kept] == [True]

    colleague = person(width=PHONE).go(link)
    expect(colleague.locator("#own")).to_have_text("0")
    expect(colleague.locator("#total-taps")).to_have_text(str(TAPS + 2))


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("kk", 360, "dark"), ("ru", 768, "light"), ("en", 360, "light")]
)
def test_everything_at_a_table_is_accessible(
    person: Callable[..., Person], language: str, width: int, scheme: str
) -> None:
    coordinator = person("coordinator", width=width, scheme=scheme)
    workspace = workspace_of(coordinator.page)
    link = re.sub("/en/table/", f"/{language}/table/", _prepared(person("coordinator")))
    volunteer = in_language(person(width=width, scheme=scheme), language)
    volunteer.look(link)
    volunteer.someone.page.locator("form button.btn--solid").click()
    code = _code_on(volunteer.someone.page)
    volunteer.look_again()
    volunteer.look(f"/{language}/table/nobody/", status=410)

    supporter = in_language(person(width=width, scheme=scheme), language)
    at = f"/{language}/support/for-a-law/at/{code.rpartition('/')[2]}/"
    supporter.look(at)
    supporter.someone.page.locator("main form button[type=submit]").click()
    supporter.look_again()
    supporter.look(at, status=410)

    desk = in_language(coordinator, language)
    tables = f"{workspace}tables/"
    for path in (tables, f"{tables}new/", f"{tables}guidance/"):
        desk.look(path)
    table = str(
        coordinator.go(tables).locator('main a[href^="/workspaces/tables/"]').first.get_attribute("href")
    )
    for path in (table, f"{table}settings/"):
        desk.look(path)
    assert volunteer.faults + supporter.faults + desk.faults == []
