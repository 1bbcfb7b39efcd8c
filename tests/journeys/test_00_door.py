"""The door of a press conference on phones that lose their connection: everybody counts once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.gathering import iso_day

pytestmark = pytest.mark.timeout(240, func_only=True)

CODE = r"[A-Z3-9]{4}-[A-Z3-9]{4}-[A-Z3-9]{4}"
PHONE = 360
TOLD = 60_000  # milliseconds


def _registers(demo: Demo, visitor: Person, form: str, name: str) -> None:
    """A journalist asks to come and opens the link of the mail."""
    address = f"{name}@tv.example"
    page = visitor.go(form)
    page.locator("[name=name]").fill(name)
    page.locator("[name=outlet]").fill(f"{name} TV")
    page.locator("[name=address]").fill(address)
    page.locator("[name=language]").select_option("en")
    page.locator("[name=photo_rule]").check()
    page.get_by_role("button", name="Register").click()
    visitor.go(demo.link_in_mail_to(address, r"http\S+/press-registration/\S+"))
    visitor.page.locator("button[value=confirm]").click()
    expect(visitor.page.locator("button[value=confirm]")).to_have_count(0)


def _codes(demo: Demo, person: Callable[..., Person], coordinator: Person, names: list[str]) -> list[str]:
    """There are places for everybody; journalists register and hold the codes of their mails."""
    page = _desk(coordinator)
    page.get_by_role("link", name="Change", exact=True).click()
    page.locator("[name=places]").fill("40")
    page.locator("[name=by_hand]").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="The form as journalists see it").click()
    form, visitor = page.url, person()
    for name in names:
        _registers(demo, visitor, form, name)
    return [demo.link_in_mail_to(f"{name}@tv.example", CODE) for name in names]


def _desk(someone: Person) -> Page:
    """From the calendar to the journalists of the press conference."""
    someone.choose_language("en")
    page = someone.go(f"/workspaces/calendar/?view=agenda&on={iso_day(3, 3)}")
    page.get_by_role("link", name="Press conference on Article 123").first.click()
    return someone.go(f"{page.url}press/")


def _at_the_door(someone: Person) -> Page:
    page = _desk(someone)
    page.get_by_role("link", name="At the door").click()
    expect(page.locator("#line")).to_have_text("Online")
    page.evaluate("navigator.serviceWorker.ready")
    return page


def _shows(page: Page, code: str) -> Locator:
    page.get_by_label("Code").fill(code)
    page.get_by_label("Code").press("Enter")
    return page.locator(".door__word")


def test_three_come_while_the_phone_has_no_connection(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator", width=PHONE)
    codes = _codes(demo, person, coordinator, ["anna", "bob", "vera"])
    page = _at_the_door(coordinator)
    expect(page.locator("#count")).to_contain_text("0 of")

    coordinator.context.set_offline(True)
    page.reload()
    expect(page.locator("#line")).to_have_text("Offline")
    for code in codes:
        expect(_shows(page, code.lower())).to_have_text("Is here now")
    expect(_shows(page, codes[0])).to_have_text(re.compile(r"Was here since \d\d:\d\d"))
    expect(_shows(page, "ABCD-EFGH-JKMN")).to_have_text("Not known")
    expect(page.locator("#waiting")).to_have_text("Not sent yet: 3")
    page.reload()
    expect(page.locator("#waiting")).to_have_text("Not sent yet: 3")
    kept = page.evaluate(
        """async () => {
          const [{ name }] = await indexedDB.databases();
          const opened = indexedDB.open(name);
          await new Promise((resolve) => (opened.onsuccess = resolve));
          const store = (one) => opened.result.transaction(one).objectStore(one).getAll();
          const asked = ["kept", "guests", "queue"].map(store);
          await new Promise((resolve) => (asked[2].onsuccess = resolve));
          return JSON.stringify(asked.map(({ result }) => result));
        }"""
    )
    for secret in ("anna", "TV", codes[0], codes[0].replace("-", "")):
        assert secret not in kept

    coordinator.context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("Everything is sent")
    expect(page.locator("#count")).to_contain_text("3 of")
    rows = _desk(coordinator).locator("li", has_text="Here since")
    expect(rows).to_have_count(3)

    page = _at_the_door(coordinator)
    expect(_shows(page, codes[1])).to_have_text(re.compile("Was here since"))
    page.get_by_text("What is on this phone").click()
    page.get_by_role("button", name="Forget on this phone").click()
    expect(page.locator("#notice")).to_contain_text("Nothing is kept on this phone.")
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert page.evaluate("caches.keys().then((all) => all.length)") == 0


def test_two_phones_check_in_one_guest(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator, editor = person("coordinator", width=PHONE), person("editor", width=PHONE)
    first, second, third = _codes(demo, person, coordinator, ["anna", "bob", "vera"])
    one, two = _at_the_door(coordinator), _at_the_door(editor)

    expect(_shows(one, first)).to_have_text("Is here now")
    # Without asking for it; a busy machine may take its time to open the socket.
    expect(two.locator("#count")).to_contain_text("1 of", timeout=TOLD)
    expect(_shows(two, first)).to_have_text(re.compile("Was here since"))

    for each in (coordinator, editor):
        each.context.set_offline(True)
    expect(_shows(one, second)).to_have_text("Is here now")
    expect(_shows(two, second)).to_have_text("Is here now")
    coordinator.context.set_offline(False)
    expect(one.locator("#waiting")).to_have_text("Everything is sent")
    editor.context.set_offline(False)
    expect(two.locator(".door__word")).to_have_text(re.compile("Was here since"))
    expect(two.locator(".door__why")).to_contain_text("Another phone")
    expect(two.locator("#told")).to_contain_text("another phone was first")
    expect(two.locator("#count")).to_contain_text("2 of")

    expect(_shows(one, third)).to_have_text("Is here now")
    one.get_by_role("button", name="Undo").click()
    expect(one.locator(".door__word")).to_have_text("Taken back")
    expect(one.locator("#count")).to_contain_text("2 of")
    rows = _desk(editor).locator("li", has_text="Here since")
    expect(rows).to_have_count(2)
