"""Journey 9: a partner's calendar by address and by file; hostile events are set aside, good ones wait."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.events.partner_calendars.calendars import calendar, vevent
from tests.events.partner_calendars.server import Partner, partner_server
from tests.journeys.demo import Demo
from tests.journeys.servers import copied, running

WAIT = 60_000  # milliseconds a reading may take on a busy machine


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[Partner]:
    """A partner's server."""
    with partner_server(tmp_path) as server:
        yield server


@pytest.fixture
def demo(seed: Path, partner: Partner, tmp_path: Path) -> Iterator[Demo]:
    """A demo that may reach the partner's server, which only the environment of its start can allow."""
    given = {"FETCH_LOOPBACK_PORT": str(partner.port), "FETCH_CA_FILE": str(partner.ca_file)}
    with running(copied(seed, tmp_path / "demo"), **given) as started:
        yield started


def day(ahead: int) -> str:
    return f"{datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=ahead):%Y%m%d}"


def theirs() -> bytes:
    return calendar(
        vevent(
            *["UID:fair@partner.example", "SUMMARY:Fair of the partner", "LOCATION:Almaty"],
            f"DTSTART;TZID=Central Asia Standard Time:{day(9)}T110000",
            "DURATION:PT2H",
        ),
        vevent("UID:endless", "SUMMARY:Endless", f"DTSTART:{day(9)}T110000Z", "RRULE:FREQ=SECONDLY"),
    )


def test_partner_calendar(partner: Partner, demo, person):
    partner.put(theirs())
    partner.lead("/away.ics", "https://127.0.0.1/")
    coordinator = person("coordinator")
    page = coordinator.page
    page.set_default_timeout(20_000)
    coordinator.go("/workspaces/all/")
    found = re.search(r"/workspaces/([0-9a-f]{8}-[0-9a-f-]{27})/", page.content())
    assert found
    room = found.group(1)
    address = f"{demo.address}/workspaces/{room}/partner-calendars/"

    page.goto(address)
    page.locator("#id_name").fill("By address")
    page.locator("#id_address").fill(partner.address())
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.get_by_text("Fair of the partner")).to_be_visible(timeout=WAIT)
    by_address = page.url.split("?")[0]

    page.goto(by_address + "?state=set-aside")
    expect(page.get_by_text("Endless")).to_be_visible()
    expect(page.get_by_text("FREQ=SECONDLY")).to_be_visible()
    month = f"{demo.address}/workspaces/{room}/calendar/?view=agenda&on={day(9)[:4]}-{day(9)[4:6]}"
    page.goto(month)
    expect(page.get_by_text("Fair of the partner")).to_have_count(0)

    page.goto(by_address)
    page.locator("input[name=event]").first.check()
    page.locator("button[value=show]").click()
    page.goto(month)
    expect(page.get_by_text("Fair of the partner").first).to_be_visible()

    page.goto(by_address)
    page.locator("form[action$='/only-times/'] button").click()
    page.goto(month)
    expect(page.get_by_text("Fair of the partner")).to_have_count(0)

    page.goto(address)
    page.locator("#id_name").fill("Leads inside")
    page.locator("#id_address").fill(partner.address("/away.ics"))
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.locator(".notice--no")).to_be_visible(timeout=WAIT)

    page.goto(address)
    page.locator("#id_name").fill("By file")
    content = vevent("UID:file", "SUMMARY:From a file", f"DTSTART:{day(12)}T110000Z", "DURATION:PT1H")
    broken = vevent("UID:broken", "SUMMARY:Without a start")
    file = {"name": "their.ics", "mimeType": "text/calendar", "buffer": calendar(content, broken)}
    page.locator("#id_file").set_input_files(file)
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.get_by_text("From a file")).to_be_visible(timeout=WAIT)
    page.locator("button[value=show_all]").click()
    page.goto(page.url.split("?")[0] + "?state=shown")
    expect(page.get_by_text("From a file")).to_be_visible()
