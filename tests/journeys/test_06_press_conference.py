"""A press conference: the media list is told in each one's language, plan B moves it, calendars follow."""

import datetime
import re
from collections.abc import Callable

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person

pytestmark = pytest.mark.timeout(240, func_only=True)

TITLE = {
    "kk": "123-бап туралы баспасөз конференциясы",
    "ru": "Пресс-конференция о статье 123",
    "en": "Press conference on Article 123",
}
OTHER_HALL = "Қалалық кітапхана, мәжіліс залы"


def _event(coordinator: Person) -> Page:
    coordinator.choose_language("en")
    today = datetime.datetime.now(tz=datetime.UTC).date()
    day = datetime.date(today.year, 3, 3)
    day = day if day > today else day.replace(year=today.year + 1)
    page = coordinator.go(f"/workspaces/calendar/?view=agenda&on={day}")
    page.get_by_role("link", name=TITLE["en"]).first.click()
    return page


def _in_calendars(demo: Demo) -> tuple[str, int, str]:
    """UID, SEQUENCE and place, as a calendar program reads them in Kazakh."""
    read = Calendar.from_ical(demo.get("/calendar.ics?language=kk"))
    [found] = [one for one in read.walk("VEVENT") if str(one["SUMMARY"]) == TITLE["kk"]]
    return str(found["UID"]), int(found["SEQUENCE"]), str(found["LOCATION"])


def test_a_press_conference_is_told_to_the_media_list_and_moved_by_plan_b(
    demo: Demo, person: Callable[..., Person]
) -> None:
    coordinator = person("coordinator")
    page = _event(coordinator)
    address = page.url

    page.get_by_role("link", name="Tell the press").click()
    page.get_by_role("button", name="Prepare a mail to the ticked ones").click()
    expect(page.locator("main")).to_contain_text(TITLE["kk"])
    expect(page.locator("main")).to_contain_text(TITLE["ru"])
    page.get_by_role("button", name=re.compile("Send to")).click()
    for contact, language in (("outlet@demo.example", "kk"), ("m.dergacheva@demo.example", "ru")):
        ending = demo.link_in_mail_to(contact, r"http\S+/press-mail/\S+|http\S+end\S*")
        [mail] = [one for one in demo.mails_to(contact) if TITLE[language] in str(one["Subject"])]
        assert mail["Reply-To"]
        assert mail["List-Unsubscribe"]
        assert ending

    uid, sequence, place = _in_calendars(demo)
    assert OTHER_HALL not in place
    page = coordinator.go(address)
    page.get_by_text("Use plan B now").click()
    page.get_by_role("button", name="Move it there and tell everyone").click()
    expect(page.get_by_text("The event has moved to its second place.")).to_be_visible()
    moved_uid, moved_sequence, moved_place = _in_calendars(demo)
    assert (moved_uid, moved_sequence) == (uid, sequence + 1)
    assert OTHER_HALL in moved_place

    visitor = person()
    seen = visitor.go("/kk/events/")
    seen.get_by_role("link", name=TITLE["kk"]).first.click()
    expect(seen.locator("main")).to_contain_text(OTHER_HALL)
    page.get_by_text("Move back", exact=True).click()
    page.get_by_role("button", name="Move it there and tell everyone").click()
    assert _in_calendars(demo)[1:] == (sequence + 2, place)
