"""A kit is made at the desk and opens for the journalist who was ticked off at the door, on a phone without
scripts."""

import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.gathering import iso_day

pytestmark = pytest.mark.timeout(240, func_only=True)

PHONE = 360
ADDRESS = "saule@kit.example"


def _event(coordinator: Person) -> str:
    coordinator.choose_language("en")
    page = coordinator.go(f"/workspaces/calendar/?view=agenda&on={iso_day(3, 3)}")
    page.get_by_role("link", name="Press conference on Article 123").first.click()
    return page.url


def _makes(coordinator: Person, event: str) -> None:
    """The kit of the demo opens on check-in; a link is put in and comes first."""
    page = coordinator.go(event)
    page.get_by_role("link", name=re.compile("^Kit")).first.click()
    page.get_by_role("group", name="Add to: At the event").get_by_role("link", name="Link").click()
    page.locator("[name=link]").fill("https://map.example/")
    page.get_by_role("button", name="Put into the kit").click()
    expect(page.locator("main")).to_contain_text("Give it a title in at least one language.")
    expect(page.locator("[name=link]")).to_have_value("https://map.example/")
    page.locator("[name=title_en]").fill("Map of crisis centres")
    page.get_by_role("button", name="Put into the kit").click()
    rows = page.locator(".kit-rows").first.locator("li")
    expect(rows.last).to_contain_text("Map of crisis centres")
    rows.last.get_by_role("button", name=re.compile("Move up")).click()
    expect(rows.last).not_to_contain_text("Map of crisis centres")


def _registers(demo: Demo, visitor: Person, coordinator: Person, event: str) -> Page:
    """There is a place; she asks to come, proves the address, and is confirmed at once."""
    page = coordinator.go(f"{event}press/")
    page.get_by_role("link", name="Change", exact=True).click()
    page.locator("[name=places]").fill("40")
    page.locator("[name=by_hand]").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="The form as journalists see it").click()
    form = visitor.go(page.url)
    for name, words in (("name", "Saule"), ("outlet", "Kit TV"), ("address", ADDRESS)):
        form.locator(f"[name={name}]").fill(words)
    form.locator("[name=language]").select_option("en")
    form.locator("[name=photo_rule]").check()
    form.get_by_role("button", name="Register").click()
    visitor.go(demo.link_in_mail_to(ADDRESS, r"http\S+/press-registration/\S+"))
    form.locator("button[value=confirm]").click()
    expect(form.locator("button[value=confirm]")).to_have_count(0)
    return form


def test_it_opens_for_who_came(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator")
    event = _event(coordinator)
    _makes(coordinator, event)
    visitor = person(width=PHONE)
    phone = _registers(demo, visitor, coordinator, event)
    phone.reload()
    phone.get_by_role("link", name="Kit of this event").click()
    main = phone.locator("main")
    expect(main).to_contain_text("as soon as you are noted as here at the door")
    expect(main).not_to_contain_text("Map of crisis centres")
    phone.get_by_role("button", name="Mail me when it opens").click()
    expect(main).to_contain_text("You get a mail when the kit opens for you.")

    coordinator.go(f"{event}press/").get_by_role("button", name=re.compile("Is here.*Saule")).click()
    visitor.go(demo.link_in_mail_to(ADDRESS, r"http\S+/press-registration/\S+/kit/"))
    expect(main).to_contain_text("Map of crisis centres")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Download everything as one ZIP").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert "Map of crisis centres" in archive.read("00-kit.txt").decode("utf-8-sig")
    assert any(name.endswith(".png") for name in names)
    assert any(name.endswith("-kk.txt") for name in names)
    seen = Eye(visitor, "en")
    seen.look(phone.url)
    desk = Eye(coordinator, "en")
    for path in ("kit/terms/", "kit/add/afterwards/photograph/", "kit/"):
        page = desk.look(f"{event}{path}")
    assert [*seen.faults, *desk.faults] == []
    expect(page.locator("main")).to_contain_text(re.compile(r"1 of \d+ confirmed journalists opened it"))
