"""Journey 4: until an embargo lifts nothing is to be had; at the moment all languages are public together."""

import datetime
import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import WAIT, Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.publishing import approve, put, uuid_of, write_draft

pytestmark = pytest.mark.timeout(300, func_only=True)

TEXTS = {
    "kk": ("Құрмет кестесі жарияланады", "Үш талап айтылады", "Жұмыс орнында құрмет керек."),
    "ru": ("Публикуется таблица уважения", "Три требования", "На работе нужно уважение."),
    "en": ("The table of respect is out", "Three demands", "Work needs respect."),
}
TOLD = re.compile("|".join(re.escape(words) for text in TEXTS.values() for words in text))
OUTLET = "press@qala.example"
LINK = r"http://localhost:\d+/embargo/[\w-]+/"
SURFACES = ["/sitemap.xml", "/calendar.ics"] + [
    f"/{code}/{path}"
    for code in TEXTS
    for path in (
        *("", "news/", "news/rss.xml", "news/atom.xml", "news/feed.json", "events/", "publications/"),
        *(
            "news/topics/law/rss.xml",
            "news/topics/law/atom.xml",
            "news/topics/law/feed.json",
            "news-by-mail/",
        ),
    )
]
# The clock of the database cannot be moved in a journey, so the moment is.
NOW = """
from django.utils import timezone
from coalition.jobs.models import DueWork
from documents.models import Publication
Publication.objects.filter(uuid="{uuid}").update(scheduled_at=timezone.now())
DueWork.objects.filter(kind="documents.lift_embargo", key="{uuid}").update(due_at=timezone.now())
"""


def _schedule(coordinator: Person, round_address: str) -> str:
    page = coordinator.go(f"{round_address}publish/")
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
    page.locator('input[name="at"]').fill(later.strftime("%Y-%m-%dT09:00"))
    page.locator('form[action$="/schedule/"] button[type="submit"]').click()
    coordinator.prove_again()
    page.wait_for_url(re.compile(r"/publications/[0-9a-f-]{36}/press/"))
    return uuid_of(page)


def _nothing_is_told(demo: Demo, publication: str) -> None:
    """To anybody who looks, on every public address."""
    for path in SURFACES:
        assert not TOLD.search(demo.get(path).decode()), path
    visitor_paths = [f"/{code}/publications/{publication}{end}" for code in TEXTS for end in ("/", ".json")]
    for path in visitor_paths:
        with pytest.raises(OSError, match="404"):
            demo.get(path)


def _unfolded(calendar: bytes) -> str:
    return calendar.replace(b"\r\n ", b"").decode()


def _languages_there(demo: Demo) -> list[bool]:
    return [TEXTS[code][0] in demo.get(f"/{code}/news/").decode() for code in TEXTS]


def test_an_embargo(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator").choose_language("kk")
    draft = write_draft(coordinator, "Құрмет кестесі", TEXTS)
    round_address = put(coordinator, draft, ["Тобыл толқыны"])
    approve(coordinator, round_address)
    publication = _schedule(coordinator, round_address)
    _nothing_is_told(demo, publication)

    # The press officer offers it; the mail tells the moment and nothing else.
    officer = Eye(person("press"), "ru")
    page = officer.look(f"/workspaces/publications/{publication}/press/")
    for name, words in (
        ("outlet", "Қала ТВ"),
        ("name", "Дана"),
        ("address", OUTLET),
        ("phone", "+77001234567"),
    ):
        page.locator(f'input[name="{name}"]').fill(words)
    page.locator('select[name="language"]').select_option("ru")
    page.locator('form[action$="/offer/"] button[type="submit"]').click()
    expect(page.locator("main")).to_contain_text("Дана")
    officer.look_again()
    link = demo.link_in_mail_to(OUTLET, LINK)
    assert not TOLD.search(str(demo.mails_to(OUTLET)[-1]))

    # The journalist agrees with one press, in their language, reads and downloads.
    journalist = Eye(person(width=360), "ru")
    page = journalist.look(link)
    assert not TOLD.search(page.content())
    page.locator("main form button").click()
    expect(page.locator("article h1")).to_have_text(TEXTS["ru"][0])
    journalist.look_again()
    page.locator('form[action$="/calendar/"] button').click()
    expect(page.locator('form[action$="/calendar/"]')).to_be_visible()
    feed = demo.link_in_mail_to(OUTLET, r"http://localhost:\d+/calendar/press/[\w-]+\.ics")
    path = urlsplit(feed).path
    entry = _unfolded(demo.get(path))
    assert TEXTS["ru"][0] in entry
    assert publication not in entry
    with page.expect_download() as taken:
        page.locator('button[name="format"][value="txt"]').click()
    assert taken.value.suggested_filename.endswith("_qala-tv.txt")
    page = officer.look(f"/workspaces/publications/{publication}/press/")
    expect(page.locator("main .state--approved")).to_have_count(1)
    _nothing_is_told(demo, publication)

    # At the moment all languages are public together.
    demo.manage("shell", "--command", NOW.format(uuid=publication))
    begun = time.monotonic()
    while not all(there := _languages_there(demo)):
        assert there in ([False] * 3, [False, True, True], [False, False, True]), "later looks see no less"
        assert time.monotonic() - begun < WAIT
    assert time.monotonic() - begun < WAIT
    assert f"/ru/publications/{publication}/" in _unfolded(demo.get(path)), "the calendar leads to the sheet"
    told = demo.link_in_mail_to(OUTLET, rf"http://localhost:\d+/ru/publications/{publication}/")
    expect(journalist.look(told).locator("h1")).to_have_text(TEXTS["ru"][0])
    assert publication in journalist.someone.go(link).url, "the link leads to what is public"
    assert officer.faults + journalist.faults == []


@pytest.mark.smoke  # somebody signs in, writes, approves, publishes; it is public and told by mail
def test_an_early_lift_tells_all_who_agreed(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator").choose_language("kk")
    draft = write_draft(coordinator, "Құрмет кестесі", {"kk": TEXTS["kk"]})
    round_address = put(coordinator, draft, ["Тобыл толқыны"])
    approve(coordinator, round_address)
    publication = _schedule(coordinator, round_address)
    page = coordinator.page
    for name, words in (
        ("outlet", "Қала ТВ"),
        ("name", "Дана"),
        ("address", OUTLET),
        ("phone", "+77001234567"),
    ):
        page.locator(f'input[name="{name}"]').fill(words)
    page.locator('form[action$="/offer/"] button[type="submit"]').click()
    page.locator('form[action$="/agreed/"] button').click()  # after a call
    expect(page.locator("main .state--approved")).to_have_count(1)

    page.locator('form[action$="/lift/"] button').click()
    coordinator.prove_again()
    page.wait_for_url(re.compile(r"/press/calls/"))
    expect(page.locator('main a[href="tel:+77001234567"]')).to_be_visible()
    eye = Eye(coordinator, "kk")
    eye.look_again()
    begun = time.monotonic()
    demo.link_in_mail_to(OUTLET, rf"http://localhost:\d+/kk/publications/{publication}/")
    assert time.monotonic() - begun < WAIT  # of a minute
    assert _languages_there(demo)[0]
    assert eye.faults == []
