"""Journey 8: a private feed. It shows what its person may see at that moment, and dies with the seat."""

import datetime
import re
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message

import pytest
from playwright.sync_api import Page, expect

from tests.events.ical.readers import by_ical_js, by_icalendar
from tests.journeys.demo import Demo, Person

pytestmark = pytest.mark.timeout(300, func_only=True)

UTC = datetime.UTC
# The clock in Almaty changed on 1 March 2024; a call at 11:00 every third day has dates on both sides.
BEFORE = datetime.datetime(2024, 2, 28, 5, tzinfo=UTC)
AFTER = datetime.datetime(2024, 3, 2, 6, tzinfo=UTC)
CALL, SOON = "Ескі қоңырау", "Болмай қалатын кездесу"


def _asked(address: str, **headers: str) -> tuple[int, Message, bytes]:
    """What a calendar program gets that nobody is signed in with."""
    request = urllib.request.Request(
        address, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


def _text(address: str) -> str:
    status, _headers, body = _asked(address)
    assert status == 200
    return body.decode().replace("\r\n ", "")


def _workspace(page: Page) -> str:
    page.goto(page.url.partition("/workspaces/")[0] + "/workspaces/")
    page.get_by_role("link", name="Article 123").first.click()
    page.wait_for_url(re.compile(r"/workspaces/[0-9a-f-]{36}/"))
    return page.url


def _plan(page: Page, workspace: str, title: str, day: datetime.date, **choices: str) -> str:
    """Plan a meeting online, 11:00 to 12:00; returns its address."""
    page.goto(f"{workspace}events/new/")
    page.locator('select[name="kind"]').select_option("meeting")
    page.locator('select[name="region"]').select_option("")
    for name, value in choices.items():
        page.locator(f'select[name="{name}"]').select_option(value)
    times = {"starts_on": day.isoformat(), "starts_at_time": "11:00", "ends_at_time": "12:00"}
    if choices:
        times["interval"] = "3"
    for name, value in {"title_kk": title, "place_kk": "Онлайн", **times}.items():
        page.locator(f'[name="{name}"]').fill(value)
    for _ in range(2):  # what is in the way is told once; here it does not matter
        page.locator(".form-foot button[type=submit]").click()
        page.wait_for_load_state()
        if "/events/new/" not in page.url:
            break
    page.wait_for_url(re.compile(r"/workspaces/events/[0-9a-f-]{36}/"))
    return page.url


def _subscribe(page: Page, demo: Demo) -> str:
    page.goto(f"{demo.address}/workspaces/feeds/")
    page.locator('[name="name"]').fill("Телефон")
    page.locator('form[action$="/feeds/create/"] button[type=submit]').click()
    address = page.locator("#own-address").input_value()
    assert re.fullmatch(r".+/calendar/private/[\w-]{40,}\.ics", address)
    page.goto(f"{demo.address}/workspaces/feeds/")
    assert address not in page.content()  # shown once
    return address


def test_private_feed(demo: Demo, person: Callable[..., Person]) -> None:
    planner = person("coordinator")
    workspace = _workspace(planner.page)
    _plan(planner.page, workspace, CALL, BEFORE.date(), frequency="DAILY")
    soon = _plan(
        planner.page, workspace, SOON, datetime.datetime.now(UTC).date() + datetime.timedelta(days=20)
    )

    reader = person("contributor")
    old = _subscribe(reader.page, demo)
    status, headers, body = _asked(old)
    assert status == 200
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in headers["Cache-Control"]
    assert _asked(old, If_None_Match=headers["ETag"])[0] == 304
    _two_offsets(body)
    assert CALL in _text(old)
    # The reader comes to the press conference as a volunteer, who begin at nine.
    press = re.search(
        r"BEGIN:VEVENT(?:(?!END:VEVENT).)*123(?:(?!END:VEVENT).)*T090000", _text(old), re.DOTALL
    )
    assert press

    # Another address: the old one is like one that never was.
    reader.page.locator('form[action$="/new-address/"] button').click()
    new = reader.page.locator("#own-address").input_value()
    assert new != old
    never = old.rpartition("/")[0] + f"/{secrets.token_urlsafe(32)}.ics"
    assert _asked(old)[0] == _asked(never)[0] == 404
    assert re.sub(r"[\w-]{40,}", "…", _asked(old)[2].decode()) == re.sub(
        r"[\w-]{40,}", "…", _asked(never)[2].decode()
    )

    # A cancelled event stays, and says so.
    assert "STATUS:CANCELLED" not in _of(new, SOON)
    planner.go(f"{soon}cancel/").locator('main form button[type="submit"]').first.click()
    planner.page.wait_for_url(soon)
    assert "STATUS:CANCELLED" in _of(new, SOON)

    # Who gives up the seat: the workspace's events go at once.
    page = reader.go(f"{workspace}people/")
    page.locator('form[action$="/take/"] button').click()
    page.wait_for_load_state()
    text = _text(new)
    assert CALL not in text
    assert SOON not in text
    assert "BEGIN:VEVENT" not in text

    # And the address itself can be ended.
    page = reader.go("/workspaces/feeds/")
    expect(page.locator("main")).to_contain_text("Телефон")
    page.locator('form[action$="/end/"] button').click()
    page.wait_for_load_state()
    assert _asked(new)[0] == 404


def _of(address: str, title: str) -> str:
    """The one VEVENT with the title."""
    events = [one for one in _text(address).split("BEGIN:VEVENT") if title in one]
    assert len(events) == 1
    return events[0]


def _two_offsets(body: bytes) -> None:
    """11:00 in Almaty, read by programs of strangers."""
    span = (datetime.datetime(2024, 2, 28, tzinfo=UTC), datetime.datetime(2024, 3, 3, tzinfo=UTC))
    hour = datetime.timedelta(hours=1)
    wanted = [(start, start + hour) for start in (BEFORE, AFTER)]
    for read in (by_icalendar, by_ical_js):
        for zone in ("Asia/Almaty", "America/New_York"):
            assert sorted(read(body, *span, zone)) == wanted
