"""Journey 2: each of twelve organisations approves what it reads and relies on translations answered for; the
last one by a one-time link, without an account."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person, wait_until
from tests.journeys.test_00_draft_to_news import REPRESENTATIVES, TEXTS, _start_draft, _write
from tests.journeys.writing import write_text

pytestmark = pytest.mark.timeout(420, func_only=True)
READS_ALL = "y.qasymbek"
LAST = "Бөктер үйі"
LINK = r"http://localhost:\d+/once/[\w-]+/"


def _put(page: Page, draft: str, rule: str, asked: int | None = None) -> str:
    """Put every language to all organisations, or to the first `asked` of them."""
    page.goto(f"{draft}put/")
    for box in page.locator(
        'main input[type="checkbox"][name^="put_"], main input[name="acknowledged"]'
    ).all():
        box.check()
    for number, box in enumerate(page.locator('main input[name="organisations"]').all()):
        box.set_checked(asked is None or number < asked)
    page.locator(f'input[name="rule"][value="{rule}"]').check()
    page.locator('input[name="hours"]').fill("48")
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/workspaces/rounds/[0-9a-f-]{36}/$"))
    return page.url


def _answer(reviewer: Person, round_address: str, language: str) -> None:
    """Both texts stand side by side, with their hashes; one press."""
    page = reviewer.go(f"{round_address}attest/{language}/")
    expect(page.locator("main .hash")).to_have_count(2)
    for words in TEXTS["kk"]:
        expect(page.locator(".two-texts")).to_contain_text(words)
    page.locator("main form button.btn--solid").click()
    reviewer.prove_again()
    page.wait_for_url(round_address)


def _decide(someone: Person, round_address: str, *, everything: bool = False) -> None:
    page = someone.go(f"{round_address}decide/")
    form = page.locator('form[action$="/approve/"]')
    if everything:
        for box in form.locator('input[name="words"]').all():
            box.check()
    else:
        expect(form.locator('input[name="relies"]:checked')).to_have_count(2)
        expect(form.locator('input[name="words"]:checked')).to_have_count(1)
    form.locator('button[type="submit"]').click()
    someone.prove_again()
    expect(page.locator('form[action$="/approve/"]')).to_have_count(0)


def _link_to(demo: Demo, coordinator: Person, round_address: str, name: str, address: str) -> str:
    """The coordinator asks somebody of the last organisation, who finds the link in their mail."""
    page = coordinator.go(f"{round_address}links/")
    page.locator('select[name="organisation"]').select_option(label=_option(page, LAST))
    page.locator('input[name="name"]').fill(name)
    page.locator('input[name="email"]').fill(address)
    page.locator('select[name="language"]').select_option("kk")
    for box in page.locator('input[name="languages"]').all():
        box.set_checked(box.get_attribute("value") == "kk")
    page.locator('main form:has(input[name="email"]) button[type="submit"]').click()
    expect(page.locator("main")).to_contain_text(name)
    return demo.link_in_mail_to(address, LINK)


def _option(page: Page, words: str) -> str:
    return page.locator('select[name="organisation"] option', has_text=words).inner_text().strip()


def _fill_in_by_link(page: Page, link: str) -> None:
    """The words and their hash are there; Kazakh is approved, the others are relied on."""
    page.goto(link)
    for words in TEXTS["kk"][:2]:
        expect(page.locator("article.paper")).to_contain_text(words)
    expect(page.locator("main .hash").first).to_be_visible()
    page.locator('input[name="decision"][value="approved"]').check()
    expect(page.locator('input[name="languages"]:checked')).to_have_count(1)
    expect(page.locator('input[name="relies"]:checked')).to_have_count(2)


def _published(coordinator: Person, round_address: str) -> str:
    page = coordinator.go(f"{round_address}publish/")
    asked = re.search(r"[“«](.+?)[”»]", page.locator('label[for="id_word"]').inner_text())
    assert asked, "The page says which word to type."
    page.locator("#id_word").fill(asked.group(1))
    page.locator("main .btn--public").click()
    coordinator.prove_again()
    page.wait_for_url(re.compile(r"/workspaces/publications/[0-9a-f-]{36}/"))
    return page.url.rstrip("/").rpartition("/")[2]


def test_twelve_organisations_in_three_languages(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator, reviewer = person("coordinator"), person("reviewer")
    page = coordinator.page
    draft = _start_draft(page)
    for language in TEXTS:
        _write(page, draft, language)
    round_address = _put(page, draft, "all")
    for language in ("ru", "en"):
        _answer(reviewer, round_address, language)

    known = {"coordinator": coordinator, "reviewer": reviewer}
    for name in REPRESENTATIVES[:-1]:
        someone = known.get(name) or person().sign_in_with(f"{name}@demo.example")
        known[name] = someone
        _decide(someone, round_address, everything=name == READS_ALL)

    # While one is missing, publishing is refused in words: who, which language.
    refused = coordinator.go(f"{round_address}publish/").locator('main [role="alert"]')
    expect(refused.locator("li")).to_have_count(3)
    link = _link_to(demo, coordinator, round_address, "Камила Мұрат", f"{REPRESENTATIVES[-1]}@demo.example")
    last = person().page
    _fill_in_by_link(last, link)
    last.locator('main form button[type="submit"]').click()
    last.wait_for_url("**/decided/")
    page = coordinator.go(round_address)
    expect(page.locator(".matrix .state--approved")).to_have_count(12 + 2)
    expect(page.locator(".matrix .state--relies")).to_have_count(22)

    other = person()
    unused = _link_to(demo, coordinator, round_address, "Сара Ахмет", "sara@shelter.example")
    _fill_in_by_link(other.page, unused)

    # One word changes in Kazakh: what hangs on it is open again, what was read in other languages stays.
    title, lead, words = TEXTS["kk"]
    page = coordinator.page
    page.goto(f"{draft}kk/")
    write_text(page, title=title, lead=lead, words=words.replace("Заң", "Бұл заң"))
    changed = 'input[name="language"]'  # the row of a text follows its live document within seconds
    wait_until(lambda: coordinator.go(round_address).locator(changed).count(), "the change in the round")
    acknowledged = page.locator('form[action$="/renew/"] input[name="acknowledged"]')
    if acknowledged.count():
        acknowledged.check()
    page.locator('form[action$="/renew/"] button[type="submit"]').click()
    page.wait_for_url(round_address)
    expect(page.locator(".notice--yes, [role=status]").first).to_be_attached()
    expect(page.locator(".matrix .state--reopened")).to_have_count(12 + 22)
    expect(page.locator(".matrix .state--approved")).to_have_count(2)
    page = known["reviewer"].go(f"{round_address}decide/")
    expect(page.locator(".compare ins")).to_contain_text("Бұл")

    # The old link cannot approve the new text: neither the page that was left open, nor the one in the mail.
    other.page.locator('main form button[type="submit"]').click()
    expect(other.page.locator('input[name="decision"]')).to_have_count(0)
    for one in (unused, link):
        assert other.status(one.removeprefix(demo.address)) == 404
    expect(coordinator.go(round_address).locator(".matrix .state--reopened")).to_have_count(12 + 22)

    # By the deadline: with exactly the names of those who joined.
    page = coordinator.go(round_address)
    page.locator('form[action$="/close/"] button').click()
    joining = _put(page, draft, "joined", asked=3)
    rows = coordinator.go(joining).locator(".matrix tbody tr")
    expect(rows).to_have_count(3)
    deciding = [
        one for one in known.values() if one.status(joining.removeprefix(demo.address) + "decide/") == 200
    ]
    assert len(deciding) == 3
    for someone in deciding[:2]:
        _decide(someone, joining, everything=True)
    page = deciding[2].go(f"{joining}decide/")
    page.locator('form[action$="/aside/"] button[value="abstains"]').click()
    deciding[2].prove_again()
    publication = _published(coordinator, joining)
    record = demo.get(f"/kk/publications/{publication}.json").decode()
    file = demo.folder / "publication.json"
    file.write_text(record, encoding="utf-8")
    assert demo.manage("verify_publication", str(file)).returncode == 0
    assert record.count('"way"') + record.count('"names_withheld": 1') >= 2
