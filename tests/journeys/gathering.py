"""Planning a gathering in the browser: the form, the press that announces it, and an exhibition of weeks."""

import datetime
import re

from playwright.sync_api import Page, expect

TODAY = datetime.datetime.now(datetime.UTC).date()
# The demo's campaign is in the next spring whose press conference is still to come.
YEAR = TODAY.year if datetime.date(TODAY.year, 3, 3) >= TODAY else TODAY.year + 1
UTC = datetime.UTC
LETTERS = {
    "title": {"kk": "Хаттар көрмесі", "ru": "Выставка писем", "en": "Exhibition of letters"},
    "place": {"kk": "«Өрнек ұясы»", "ru": "«Орнек уясы»", "en": "Ornek Uiasy"},
}
EVENT = re.compile(r"^.+/workspaces/events/[0-9a-f-]{36}/")
SPRING = (datetime.datetime(YEAR, 2, 1, tzinfo=UTC), datetime.datetime(YEAR, 6, 1, tzinfo=UTC))


def iso_day(month: int, day: int) -> str:
    return datetime.date(YEAR, month, day).isoformat()


def workspace_of(page: Page) -> str:
    """Open the workspace of the demo's campaign. Return its address."""
    names = page.get_by_role("link", name="Article 123")
    addresses = [str(link.evaluate("link => link.href")) for link in names.all()]
    page.goto(next(one for one in addresses if re.fullmatch(r".+/workspaces/[0-9a-f-]{36}/", one)))
    return page.url


def fill_in(page: Page, address: str, kind: str, words: dict[str, dict[str, str]], **fields: str) -> None:
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


def plan_it(page: Page) -> str:
    """Send the form; returns the address of the planned event."""
    page.locator(".form-foot button[type=submit]").click()
    page.wait_for_url(EVENT)
    found = EVENT.match(page.url)
    assert found
    return found.group()


def tell_everyone(page: Page, event: str) -> None:
    page.goto(f"{event}announce/")
    page.locator("#reach-public").check()
    page.locator("main .btn--public").click()
    page.wait_for_url(lambda url: url == event or "/reauthenticate/" in url)
    if page.url != event:  # on a slow machine the coordinator signed in too long ago
        page.locator('input[name="password"]').fill("coalition-demo")
        page.locator('main form button[type="submit"]').first.click()
        page.wait_for_url(event)


def key_of(event: str) -> str:
    return event.rstrip("/").rpartition("/")[2]


def plan_exhibition(page: Page, workspace: str) -> str:
    """An opening night, and hours over weeks. What was seen to be in the way may be kept all the same."""
    fill_in(
        page,
        workspace,
        "exhibition",
        LETTERS,
        starts_on=iso_day(3, 7),
        starts_at_time="18:00",
        ends_at_time="20:00",
        run_from=iso_day(3, 8),
        run_until=iso_day(4, 30),
    )
    expect(page.locator("form .notice--no")).to_contain_text("Гүл емес, қорғау")
    event = plan_it(page)
    page.goto(f"{event}hours/")
    for weekday in range(1, 7):
        page.locator(f'[name$="morning_opens_{weekday}"]').fill("11:00")
        page.locator(f'[name$="morning_closes_{weekday}"]').fill("19:00")
    special = page.locator("fieldset.special").first
    special.locator('[name$="-first"]').fill(iso_day(3, 21))
    special.locator('[name$="-last"]').fill(iso_day(3, 23))
    for language in ("kk", "ru", "en"):
        special.locator(f'[name$="-why_{language}"]').fill("Наурыз")
    page.locator(".form-foot button[type=submit]").click()
    page.wait_for_url(event)
    return event


def open_days() -> list[datetime.date]:
    """Tuesday to Sunday, without the days of Nauryz."""
    first, closed = datetime.date(YEAR, 3, 8), {datetime.date(YEAR, 3, day) for day in (21, 22, 23)}
    days = [first + datetime.timedelta(n) for n in range((datetime.date(YEAR, 4, 30) - first).days + 1)]
    return [day for day in days if day.weekday() != 0 and day not in closed]


def hours_on(day: datetime.date, begins: int, ends: int) -> tuple[datetime.datetime, datetime.datetime]:
    """Hours in Almaty, five hours before UTC since March 2024."""
    midnight = datetime.datetime.combine(day, datetime.time(), UTC)
    first, last = (midnight + datetime.timedelta(hours=hour - 5) for hour in (begins, ends))
    return first, last
