"""From words to a text that its organisations approved, as the people of the demo do it."""

import re
from collections.abc import Mapping, Sequence

from playwright.sync_api import Page, expect

from tests.journeys.demo import Person
from tests.journeys.writing import paper, write_text

type Words = tuple[str, str, str]


def write_draft(coordinator: Person, title: str, texts: Mapping[str, Words]) -> str:
    """Start a draft in the coordinator's first workspace and write it; returns its address."""
    page = coordinator.go("/workspaces/")
    page.get_by_role("link", name="Article 123").first.click()
    page.wait_for_url(re.compile(r"/workspaces/[0-9a-f-]{36}/"))
    page.goto(page.url + "drafts/new/")
    page.locator('input[name="title"]').fill(title)
    page.locator('input[name="from_template"]').uncheck()
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/workspaces/drafts/[0-9a-f-]{36}/kk/"))
    draft = page.url.removesuffix("kk/")
    for language, (title_of, lead, words) in texts.items():
        page.goto(f"{draft}{language}/")
        write_text(page, title=title_of, lead=lead, words=words)
        page.reload()
        expect(paper(page)).to_contain_text(words)
    return draft


def put(coordinator: Person, draft: str, asked: Sequence[str], *, withheld: Sequence[str] = ()) -> str:
    """Put it to the organisations whose names hold these words; returns the round's address."""
    page = coordinator.go(f"{draft}put/")
    for box in page.locator('main input[name="organisations"]').all():
        box.uncheck()
    for field, names in (("organisations", asked), ("withheld", withheld)):
        for name in names:
            page.locator(f'label:has(input[name="{field}"])', has_text=name).locator("input").check()
    if page.locator('input[name="acknowledged"]').count():
        page.locator('input[name="acknowledged"]').check()
    page.locator('input[name="hours"]').fill("48")
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/workspaces/rounds/[0-9a-f-]{36}/$"))
    return page.url


def approve(someone: Person, round_address: str) -> None:
    """Approve every language for the own organisation."""
    page = someone.go(f"{round_address}decide/")
    page.locator('form[action$="/approve/"] button[type="submit"]').click()
    someone.prove_again()
    expect(page.locator(".state--approved").first).to_be_visible()


def publish(coordinator: Person, round_address: str) -> str:
    """Publish now; returns the UUID of the publication."""
    page = coordinator.go(f"{round_address}publish/")
    asked = re.search(r"[“«](.+?)[”»]", page.locator('label[for="id_word"]').inner_text())
    assert asked, "The page says which word to type."
    page.locator("#id_word").fill(asked.group(1))
    page.locator("main .btn--public").click()
    coordinator.prove_again()
    page.wait_for_url(re.compile(r"/workspaces/publications/[0-9a-f-]{36}/"))
    return uuid_of(page)


def uuid_of(page: Page) -> str:
    """The last UUID of the page's address."""
    found = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", page.url)
    assert found, page.url
    return str(found[-1])
