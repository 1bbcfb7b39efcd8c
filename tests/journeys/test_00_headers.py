"""What the links of the demo lead to, once for each kind of address, in a real browser: no breach of the
policy, no complaint, no request to another host, and the headers that security.md demands.

`-s` tells which addresses nobody could open, and why.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.crawler import Crawler, Known, addresses_in_mails
from tests.journeys.demanded import wanting
from tests.journeys.demo import Demo, Person
from tests.journeys.eye import UUID
from tests.journeys.newsroom import preview
from tests.journeys.servers import WarmServer, copied
from tests.journeys.writing import await_saved
from tests.markup import squeezed
from tests.permissions import surfaces

pytestmark = pytest.mark.timeout(600, func_only=True)

MOST = 200  # pages a person
WAIT = 40_000.0  # milliseconds on a busy machine
TEXT = re.compile(rf"/workspaces/drafts/{UUID.pattern}/kk/")
# Who may open what the coordinator may not.
OTHERS = {
    "secretariat": "/workspaces/secretariat/organisations/",
    "reviewer": "/accounts/profile/",
    "press": "/workspaces/inbox/",
}
OF_A_PERSON = ("", "2fa/", "sessions/", "email/", "password/change/", "profile/", "requests/")


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for all of these tests: they look, and type one word."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("crawled") / "demo")) as started:
        yield started


def faults_of(known: Known, crawlers: Iterable[Crawler]) -> list[str]:
    """All that the browsers heard, and what is wrong with the headers of what they got."""
    classes = surfaces.listed()["urls"]
    found = [fault for crawler in crawlers for fault in crawler.faults]
    for seen in known.seen:
        said = classes.get(seen.pattern, "right: newsroom" if seen.path.startswith("/cms/") else "public")
        found += [f"{seen.pattern or seen.path} for {seen.who}: {one}" for one in wanting(seen, said)]
    return list(dict.fromkeys(found))


def test_the_public_site(demo: Demo, person: Callable[..., Person]) -> None:
    known, crawlers = Known(), []
    for language in ("kk", "ru", "en"):
        reader = Crawler(person(), f"a stranger ({language})", known)
        reader.crawl([f"/{language}/", f"/{language}/search/?q=a"], most=MOST)
        assert len(reader.opened) > 20
        assert {one["name"] for one in reader.someone.context.cookies()} <= {"csrftoken"}  # pages with a form
        crawlers.append(reader)
    assert faults_of(known, crawlers) == []


@pytest.mark.parametrize(
    "path",
    ["/kk/", "/ru/news/", "/en/events/", "/kk/publications/", "/ru/facts/", "/kk/support/for-a-law/"],
)
def test_a_page_that_caches_keep_leaves_no_cookie(person: Callable[..., Person], path: str) -> None:
    stranger = person()
    stranger.go(path)
    assert stranger.context.cookies() == []


def test_the_members_area(demo: Demo, person: Callable[..., Person]) -> None:
    """The coordinator goes everywhere; what they may not, others open; what no page links to is tried."""
    known = Known()
    coordinator = Crawler(person("coordinator"), "the coordinator", known)
    accounts = [f"/accounts/{page}" for page in OF_A_PERSON[1:]]
    coordinator.crawl(["/workspaces/", *accounts], most=MOST)
    assert len(coordinator.opened) > 100
    write(coordinator)
    crawlers, opened = [coordinator], set(coordinator.opened)
    for name, start in OTHERS.items():
        other = Crawler(person(name), name, known)
        other.crawl([start], most=MOST, passed=opened)
        opened |= other.opened
        crawlers.append(other)
    for path in addresses_in_mails(demo):
        known.add(path)
    left = {
        pattern: why
        for pattern in sorted(surfaces.listed()["urls"].keys() - opened)
        if (why := tried(pattern, known, crawlers))
    }
    sys.stdout.writelines(f"not opened: {pattern}: {why}\n" for pattern, why in left.items())
    assert [pattern for pattern, why in left.items() if why.startswith("answers 5")] == []
    assert faults_of(known, crawlers) == []


def tried(pattern: str, known: Known, crawlers: list[Crawler]) -> str:
    """Open an address of this kind that was found, as whoever may; returns why nobody could, or nothing."""
    why = "nothing of this kind is linked to"
    if pattern.startswith(("/<lang>/_util/", "/cms/")):
        return "closed, or for the newsroom"
    for path in known.filled(pattern, 2):
        for crawler in crawlers:
            status = crawler.status(path)
            if status == 200:
                crawler.open(path)
                return ""
            why = f"answers {status}"
            if status == 405:
                return "changes something: POST alone"
    return why


def write(coordinator: Crawler) -> None:
    """Type a word in the live editor: its socket, its worker and its styles are held to the policy too."""
    draft = next(one.path for one in coordinator.known.seen if TEXT.fullmatch(one.path))
    coordinator.open(draft)
    words = coordinator.page.locator('[contenteditable="true"]').first
    words.wait_for(timeout=WAIT)
    words.click()
    coordinator.page.keyboard.type("сөз ")
    await_saved(coordinator.page)


def test_the_newsroom(demo: Demo, person: Callable[..., Person]) -> None:
    known, crawlers = Known(), []
    for name in ("newsroom", "admin"):
        crawler = Crawler(person(name), name, known)
        crawler.crawl(["/cms/"], most=MOST, passed=crawlers[0].opened if crawlers else ())
        crawlers.append(crawler)
    assert len(crawlers[0].opened) > 20
    edit(crawlers[0])
    assert faults_of(known, crawlers) == []


def edit(newsroom: Crawler) -> None:
    """The form of a page with its preview, what was changed, snippets."""
    languages = squeezed(newsroom.someone.go("/cms/translations/").content())
    found = re.search(r'/cms/pages/(\d+)/edit/" lang="kk">Жаңалықтар<', languages)
    assert found, "The list of news in Kazakh is in the list of languages."
    page = newsroom.someone.go(f"/cms/pages/add/home/newspage/{found[1]}/")
    page.locator('[name="title"]').fill("Алаң")
    preview(page)
    expect(page.locator("[data-side-panel='preview'] iframe").first).to_be_attached(timeout=WAIT)
    for path in (f"/cms/pages/{found[1]}/edit/", f"/cms/pages/{found[1]}/history/", "/cms/snippets/"):
        newsroom.open(path)
