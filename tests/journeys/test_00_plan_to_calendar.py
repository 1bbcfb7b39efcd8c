"""From a plan in a workspace to everyone's calendar: a press conference and an exhibition."""

import datetime
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.events.ical.readers import by_ical_js, by_icalendar
from tests.journeys.demo import Demo, Person

pytestmark = pytest.mark.timeout(300, func_only=True)

TODAY = datetime.datetime.now(datetime.UTC).date()
# The demo's campaign is in the next spring whose press conference is still to come.
YEAR = TODAY.year if datetime.date(TODAY.year, 3, 3) >= TODAY else TODAY.year + 1
UTC = datetime.UTC
PRESS = {
    "title": {"kk": "Екінші кездесу", "ru": "Вторая встреча с прессой", "en": "A second press conference"},
    "place": {"kk": "Баспасөз үйі", "ru": "Дом прессы", "en": "House of Press"},
}
LETTERS = {
    "title": {"kk": "Хаттар көрмесі", "ru": "Выставка писем", "en": "Exhibition of letters"},
    "place": {"kk": "«Өрнек ұясы»", "ru": "«Орнек уясы»", "en": "Ornek Uiasy"},
}
EVENT = re.compile(r"^.+/workspaces/events/[0-9a-f-]{36}/")
SPRING = (datetime.datetime(YEAR, 2, 1, tzinfo=UTC), datetime.datetime(YEAR, 6, 1, tzinfo=UTC))


def _day(month: int, day: int) -> str:
    return datetime.date(YEAR, month, day).isoformat()


def _workspace(page: Page) -> str:
    page.get_by_role("link", name="Article 123").first.click()
    page.wait_for_url(re.compile(r"/workspaces/[0-9a-f-]{36}/"))
    return page.url


def _fill(page: Page, address: str, kind: str, words: dict[str, dict[str, str]], **fields: str) -> None:
    """Fill in the planning form: words in three languages, then the fields by their names."""
    page.goto(f"{address}events/new/")
    page.locator('select[name="kind"]').select_option(kind)
    for language in ("kk", "ru", "en"):
        page.locator(f"label:has(#language-{language})").click()
        for word, texts in words.items():
            page.locator(f'[name="{word}_{language}"]').fill(texts[language])
    page.locator('select[name="region"]').select_option("KZ-75")
    page.locator('select[name="handling"]').select_option("clear")
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').fill(value)
    page.locator('[name="ends_at_time"]').blur()


def _save(page: Page) -> str:
    """Send the form; returns the address of the planned event."""
    page.locator(".form-foot button[type=submit]").click()
    page.wait_for_url(EVENT)
    found = EVENT.match(page.url)
    assert found
    return found.group()


def _announce(page: Page, event: str) -> None:
    page.goto(f"{event}announce/")
    page.locator("#reach-public").check()
    page.locator("main .btn--public").click()
    page.wait_for_url(lambda url: url == event or "/reauthenticate/" in url)
    if page.url != event:  # on a slow machine the coordinator signed in too long ago
        page.locator('input[name="password"]').fill("coalition-demo")
        page.locator('main form button[type="submit"]').first.click()
        page.wait_for_url(event)


def _key(event: str) -> str:
    return event.rstrip("/").rpartition("/")[2]


def _plan_press_conference(page: Page, workspace: str) -> tuple[str, datetime.datetime]:
    """On the day and hour of another one in the same city: the reason is told, and a free time taken."""
    times = {"starts_on": _day(3, 3), "starts_at_time": "11:00", "ends_at_time": "12:00"}
    _fill(page, workspace, "press-conference", PRESS, **times)
    clash = page.locator("form .notice--no")
    expect(clash).to_contain_text("123-бап туралы баспасөз конференциясы")
    free = clash.locator('button[name="take"]')
    expect(free).to_have_count(3)
    start = datetime.datetime.fromisoformat(free.last.get_attribute("value") or "")
    free.last.click()
    expect(page.locator('[name="starts_on"]')).to_have_value(start.date().isoformat())
    expect(page.locator("form .notice--no")).to_have_count(0)
    return _save(page), start


def _plan_exhibition(page: Page, workspace: str) -> str:
    """An opening night, and hours over weeks. What was seen to be in the way may be kept all the same."""
    _fill(
        page,
        workspace,
        "exhibition",
        LETTERS,
        starts_on=_day(3, 7),
        starts_at_time="18:00",
        ends_at_time="20:00",
        run_from=_day(3, 8),
        run_until=_day(4, 30),
    )
    expect(page.locator("form .notice--no")).to_contain_text("Гүл емес, қорғау")
    event = _save(page)
    page.goto(f"{event}hours/")
    for weekday in range(1, 7):
        page.locator(f'[name$="morning_opens_{weekday}"]').fill("11:00")
        page.locator(f'[name$="morning_closes_{weekday}"]').fill("19:00")
    special = page.locator("fieldset.special").first
    special.locator('[name$="-first"]').fill(_day(3, 21))
    special.locator('[name$="-last"]').fill(_day(3, 23))
    for language in ("kk", "ru", "en"):
        special.locator(f'[name$="-why_{language}"]').fill("Наурыз")
    page.locator(".form-foot button[type=submit]").click()
    page.wait_for_url(event)
    return event


def _open_days() -> list[datetime.date]:
    """Tuesday to Sunday, without the days of Nauryz."""
    first, closed = datetime.date(YEAR, 3, 8), {datetime.date(YEAR, 3, day) for day in (21, 22, 23)}
    days = [first + datetime.timedelta(n) for n in range((datetime.date(YEAR, 4, 30) - first).days + 1)]
    return [day for day in days if day.weekday() != 0 and day not in closed]


def _span(day: datetime.date, begins: int, ends: int) -> tuple[datetime.datetime, datetime.datetime]:
    """Hours in Almaty, five hours before UTC since March 2024."""
    midnight = datetime.datetime.combine(day, datetime.time(), UTC)
    return tuple(midnight + datetime.timedelta(hours=hour - 5) for hour in (begins, ends))  # type: ignore[return-value]  # two of them


def test_plan_to_calendar(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator")
    page = coordinator.page
    workspace = _workspace(page)
    press, start = _plan_press_conference(page, workspace)
    letters = _plan_exhibition(page, workspace)

    # What is only planned is nobody else's business.
    visitor = person(width=360)
    assert visitor.status(f"/calendar/events/{_key(press)}.ics") == 404
    assert PRESS["title"]["ru"] not in visitor.go("/ru/events/").content()

    _announce(page, press)
    _announce(page, letters)
    page = visitor.go("/ru/events/")
    for words in (PRESS, LETTERS):
        expect(page.locator("main")).to_contain_text(words["title"]["ru"])
    page.get_by_role("link", name=LETTERS["title"]["ru"]).first.click()
    expect(page.locator("h1")).to_contain_text(LETTERS["title"]["ru"])
    expect(page.locator("main")).to_contain_text("11:00–19:00")

    begins = start.replace(tzinfo=UTC) - datetime.timedelta(hours=5)
    wanted = {
        press: [(begins, begins + datetime.timedelta(hours=1))],
        letters: [
            _span(datetime.date(YEAR, 3, 7), 18, 20),
            *(_span(day, 11, 19) for day in _open_days()),
        ],
    }
    everything = demo.get("/calendar.ics?language=ru")
    for read in (by_icalendar, by_ical_js):
        found = read(everything, *SPRING, "Asia/Almaty")
        for event, spans in wanted.items():
            one = demo.get(f"/calendar/events/{_key(event)}.ics?language=ru")
            assert sorted(read(one, *SPRING, "Asia/Almaty")) == spans
            assert set(spans) <= set(found)
    elsewhere = by_ical_js(everything, *SPRING, "America/New_York")
    assert sorted(by_icalendar(everything, *SPRING, "Asia/Almaty")) == sorted(elsewhere)
    assert PRESS["title"]["ru"] in everything.decode().replace("\r\n ", "")


def test_conflicts_are_told_without_a_script(demo: Demo, browser: Browser) -> None:
    """The form comes back once with what is in the way; sent again, it is saved all the same."""
    planner = Person(demo, browser)
    planner.context.close()
    planner.context = browser.new_context(java_script_enabled=False)
    page = planner.page = planner.context.new_page()
    planner.sign_in("coordinator")
    workspace = _workspace(page)
    page.goto(f"{workspace}events/new/")
    for name, value in {
        "title_kk": "Кездесу",
        "starts_on": _day(3, 12),
        "starts_at_time": "15:00",
        "ends_at_time": "16:00",
    }.items():
        page.locator(f'[name="{name}"]').fill(value)
    page.locator('select[name="region"]').select_option("KZ-79")
    page.locator(".form-foot button[type=submit]").click()
    expect(page.locator("form .notice--no")).to_contain_text("Үй мен жұмыс")
    assert _save(page)
    planner.leave()
