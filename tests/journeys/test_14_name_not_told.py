"""Journey 14: a name that must not be told is nowhere, and its organisation can prove that it was there."""

import html
import json
import re
from collections.abc import Callable
from urllib.parse import unquote_plus, urljoin, urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.demo import Demo, Person, wait_until
from tests.journeys.eye import Eye
from tests.journeys.publishing import approve, publish, put, write_draft

pytestmark = pytest.mark.timeout(300, func_only=True)

TEXTS = {
    "kk": ("Түнгі ауысым қауіпсіз болсын", "Төрт ұйым талап етеді", "Түнгі жол жарық болуы керек."),
    "ru": (
        "Ночная смена должна быть безопасной",
        "Четыре организации требуют",
        "Ночная дорога должна быть светлой.",
    ),
}
ASKED = ("Тобыл толқыны", "Кең босаға", "Сыр қыздары", "Бөктер үйі")
FOR_THIS_TEXT = "Кең босаға"
SECRET = re.compile(r"Сыр қыздары|Сыр кыздары|Syr Qyzdary|syr-qyzdary|Бөктер үйі|Боктер уйи|Bokter|bokter")
MOST = 100  # addresses that one person follows
AWAY = ("/accounts/logout", "/accounts/leave", "/static/", "/media/", "/demo/", "/cms/")
FEEDS = ("rss.xml", "atom.xml", "feed.json")
STARTS = ["/kk/", "/ru/", "/en/", "/sitemap.xml", "/robots.txt", "/calendar.ics"] + [
    f"/{code}/{path}"
    for code in ("kk", "ru", "en")
    for path in (
        *("news/rss.xml", "news/atom.xml", "news/feed.json", "partners/", "publications/"),
        *(f"news/topics/{topic}/{feed}" for topic in ("law", "work") for feed in FEEDS),
        *("news-by-mail/", "open-letter/five-rules/"),
    )
]


def _readable(body: str) -> str:
    """As it is, and as it reads once what mails, calendars, JSON and addresses do to letters is undone."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), body.replace("\r\n ", ""))
    return f"{body}\n{unquote_plus(html.unescape(plain))}"


def _finds(demo: Demo, context: BrowserContext, starts: list[str]) -> tuple[set[str], set[str]]:
    """Where a person who follows every link from here reads the name, and where they were."""
    waiting, seen, told = list(starts), set[str](), set[str]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = context.request.get(demo.address + path)
        body = answer.text()
        if SECRET.search(_readable(body)) or SECRET.search(_readable(str(answer.headers))):
            told.add(path)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        for link in re.findall(r'(?:href|src)="([^"#]+)"', body):
            there = urlsplit(urljoin(demo.address + path, link.replace("&amp;", "&")))
            address = there.path + (f"?{there.query}" if there.query else "")
            if there.netloc == urlsplit(demo.address).netloc and not address.startswith(AWAY):
                waiting.append(address)
    return told, seen


def test_a_name_that_is_not_told(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator").choose_language("kk")
    draft = write_draft(coordinator, "Түнгі ауысым", TEXTS)
    round_address = put(coordinator, draft, ASKED, withheld=[FOR_THIS_TEXT])
    approve(coordinator, round_address)
    for name in ("reviewer", "withheld", "k.murat"):
        someone = person()
        someone.sign_in_with(f"{name}@demo.example")
        approve(someone, round_address)
    publication = publish(coordinator, round_address)

    # It is counted, and named nowhere: for an outsider, a journalist, a donor, a member of another workspace.
    sheet = json.loads(demo.get(f"/kk/publications/{publication}.json"))
    assert (len(sheet["approvals"]["named"]), sheet["approvals"]["names_withheld"]) == (1, 3)
    own = [
        f"/{code}/publications/{publication}{end}" for code in ("kk", "ru", "en") for end in ("/", ".json")
    ]
    article = re.search(r"/kk/news/[\w-]+/", demo.get(f"/kk/publications/{publication}/").decode())
    assert article, "the sheet leads to the text"
    wait_until(lambda: b"/media/share/" in demo.get(article[0]), "the picture that is shared with it")
    own += [article[0], f"{article[0]}pass-on/"]
    for name, starts in (
        ("", [*own, *STARTS]),
        ("outlet", [*own, "/workspaces/", "/workspaces/inbox/", "/accounts/profile/"]),
        ("outsider", [*own, "/workspaces/", "/workspaces/all/", "/accounts/profile/"]),
        ("newsroom", [*own, "/cms/", "/accounts/profile/"]),
    ):
        someone = person(name) if name else person()
        told, seen = _finds(demo, someone.context, starts)
        assert not told, f"{name or 'a visitor'} reads the name at {sorted(told)}"
        assert len(seen) > len(own)

    _proves(demo, person(), publication)


def _proves(demo: Demo, representative: Person, publication: str) -> None:
    """Later the organisation shows with its salt that it was one of the three."""
    representative.sign_in_with("withheld@demo.example")
    page = representative.go("/accounts/profile/")
    page.locator('main a[href^="/accounts/organisation/"]').first.click()
    page.locator('a[href^="/workspaces/names/"]:not([href$="/leave/"]):not([href$="/logo/"])').click()
    listed = page.url
    eye = Eye(representative, "kk")
    eye.look_again()
    form = page.locator(f'form[action*="{publication}/proof/"]')
    with page.expect_download() as taken:
        form.locator("button").click()
        if "/reauthenticate/" in page.url:
            representative.prove_again()
    proof, sheet = demo.folder / "proof.json", demo.folder / "sheet.json"
    taken.value.save_as(proof)
    page.goto(listed)
    sheet.write_bytes(demo.get(f"/kk/publications/{publication}.json"))
    shown = demo.manage("verify_publication", str(sheet), "--proof", str(proof))
    assert shown.returncode == 0, shown.stdout + shown.stderr
    other = json.loads(proof.read_text()) | {"salt": "0" * 64}
    proof.write_text(json.dumps(other))
    assert demo.manage("verify_publication", str(sheet), "--proof", str(proof)).returncode == 1

    # And it can go at any time: one press, without a reason.
    page.locator(f'form[action*="{publication}/take-off/"] button').click()
    representative.prove_again()
    expect(page.locator(f'form[action*="{publication}/take-off/"]')).to_have_count(0)
    after = json.loads(demo.get(f"/kk/publications/{publication}.json"))
    assert (after["approvals"]["names_withheld"], after["approvals"]["names_taken_off"]) == (2, 1)
    assert after["hash"] == json.loads(sheet.read_text())["hash"]
    assert eye.faults == []
