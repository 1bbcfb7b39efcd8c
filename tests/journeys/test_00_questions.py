"""A question on its way: asked on a phone, taken by a moderator, read on the stage, answered."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.demo import Person
from tests.journeys.gathering import iso_day

PHONE = 360
HEARD = 20_000  # milliseconds
ASKED = "Who pays for the investigation?"


def _desk(someone: Person) -> Page:
    """From the calendar to the questions of the press conference."""
    someone.choose_language("en")
    page = someone.go(f"/workspaces/calendar/?view=agenda&on={iso_day(3, 3)}")
    page.get_by_role("link", name="Press conference on Article 123").first.click()
    page.get_by_role("link", name="Questions online").click()
    return page


def _press(word: str) -> re.Pattern[str]:
    """The name of a button of this question."""
    return re.compile(rf"^{word} ?: {re.escape(ASKED)}")


def test_a_question_comes_from_a_phone_to_the_stage(person: Callable[..., Person]) -> None:
    desk = _desk(person("coordinator"))
    form = desk.get_by_role("link", name="The form as people see it").get_attribute("href") or ""
    desk.get_by_role("button", name="Make the link").click()
    speaker = person(scheme="dark").go(desk.locator("#stage-address").input_value())
    expect(speaker.get_by_text("No question yet")).to_be_visible()

    phone = person(width=PHONE).go(form.replace("/kk/", "/en/").replace("/ru/", "/en/"))
    phone.locator("[name=words]").fill(ASKED)
    phone.get_by_role("button", name="Send the question").click()
    expect(phone.get_by_text("It waits")).to_be_visible()

    expect(desk.get_by_text(ASKED).first).to_be_visible(timeout=HEARD)  # without asking for it
    desk.get_by_role("button", name=_press("Take")).click()
    up = desk.get_by_role("button", name=_press("Move up"))
    up.press("Enter")
    expect(desk.locator("ol.questions > li").nth(1)).to_contain_text(ASKED)
    expect(up).to_be_focused()
    desk.keyboard.press("Enter")
    expect(up).to_be_disabled()
    desk.get_by_role("link", name="Stage").click()
    expect(desk.locator(".stage__next")).to_contain_text(ASKED)
    desk.get_by_role("button", name="Now").click()
    expect(speaker.locator(".stage__now")).to_contain_text(ASKED, timeout=HEARD)
    expect(speaker.locator(".stage__now button")).to_have_count(0)

    speaker.context.set_offline(offline=True)
    expect(speaker.get_by_text("The connection is lost.")).to_be_visible(timeout=HEARD)
    speaker.context.set_offline(offline=False)
    expect(speaker.get_by_text("Connected")).to_be_visible(timeout=HEARD)

    desk.get_by_role("button", name="Answered", exact=True).click()
    phone.reload()
    expect(phone.get_by_text("It was answered.")).to_be_visible()
    expect(speaker.locator(".stage__now")).to_contain_text("No question yet", timeout=HEARD)
