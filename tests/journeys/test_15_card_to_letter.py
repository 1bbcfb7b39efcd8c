"""Journey 15: from the code of a postcard to support, to a letter of a nurse in Kazakh, to the counters, each
in a column of its own; a month later the answer that came is on the board, with how long it took."""

import datetime
import json
import re
import statistics
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.campaigning import APPEAL, SUPPORT_LINK
from tests.journeys.demo import Demo, Person, wait_until

pytestmark = pytest.mark.timeout(240, func_only=True)

NURSE = "nurse.journey@mail.example"
OWN = "Мен он жыл медбикемін. Түнгі ауысымда бізді ешкім қорғамайды."
ANSWER = "Депутат ұсынысты комитет отырысына шығаратынын жазды."
ALMATY = ZoneInfo("Asia/Almaty")
FOLLOWS = 10  # seconds until counters follow
CODE = """
from coalition.campaigns.models import Batch
print(Batch.objects.get(design__slug="card-to-deputies", number=1).referral.code)
"""
ACTION = """
from coalition.campaigns.models import LetterAction
print(LetterAction.objects.get(slug="labour-law").uuid)
"""


A_MONTH = 30  # days
MONTH_AGO = """
import datetime
from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import LetterAction, LetterDay, Target
action = LetterAction.objects.get(slug="labour-law")
people = Target.objects.filter(body__letter_actions=action)
target = next(one for one in people if {recipient} in one.name.values())
LetterDay.objects.filter(action=action, target=target).delete()
day = site_today() - datetime.timedelta(days={days})
LetterDay.objects.create(action=action, target=target, way="copy", language="kk", day=day, count=12)
print(target.pk)
"""


def printed_by(demo: Demo, script: str) -> str:
    done = demo.manage("shell", "--no-imports", "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


def counters(demo: Demo) -> dict[str, int]:
    """Column → number, without those that nobody counts yet."""
    columns = json.loads(demo.get(f"/kk/{APPEAL}counters.json"))["columns"]
    return {one["column"]: one["count"] for one in columns if one["count"] is not None}


def supports(demo: Demo, page: Page) -> None:
    """Support the appeal, and confirm it by the link in the mail."""
    page.locator('[name="address"]').fill(NURSE)
    page.locator('[name="region"]').select_option("KZ-43")
    page.locator('#support ~ form button[type="submit"]').tap()
    page.wait_for_url("**/sent/**")
    page.goto(demo.link_in_mail_to(NURSE, SUPPORT_LINK))
    page.locator('button[value="confirm"]').tap()
    expect(page.locator("h1")).to_have_text("Қолдауыңыз саналды")


def writes(page: Page) -> str:
    """Write two sentences to somebody of a committee, copy the letter, print the formal appeal, say that it
    was sent. Return the recipient's name."""
    page.locator("#by-committee").select_option(index=1)
    page.locator("[data-people] li:visible [name=target]").first.check()
    page.locator("[data-own]").fill(OWN)
    recipient = page.locator("[data-now-name]").inner_text()
    page.locator("[data-copy-letter]").click()
    expect(page.locator("[data-copied]")).to_be_visible()
    assert OWN in page.evaluate("navigator.clipboard.readText()")
    page.locator(".letter__formal summary").click()
    for name, typed in (("name", "Әсел Есімқызы"), ("iin", "900101350013"), ("address", "Қызылорда")):
        page.locator(f'[data-formal="{name}"]').fill(typed)
    page.locator("[data-print-formal]").click()
    assert OWN in page.evaluate("window.printed")[0]
    page.locator("[data-declare]").click()
    expect(page.locator("[data-answer] .notice--yes")).to_be_visible()
    return recipient


def records_the_answer(coordinator: Person, action: str, recipient: str) -> None:
    """Record at the desk what the deputy answered today, and publish it with the same press."""
    page = coordinator.go(f"/workspaces/letters/{action}/board/answers/")
    choice = page.locator("[name=recipient] option", has_text=recipient).first.get_attribute("value")
    page.locator("[name=recipient]").select_option(choice)
    page.locator('[name=kind][value="answer"]').check()
    page.locator("[name=on]").fill(datetime.datetime.now(ALMATY).date().isoformat())
    words = page.locator("textarea[name^=words]:visible").first
    words.fill(ANSWER)
    page.get_by_role("button", name="Record and publish").click()
    page.wait_for_load_state()


def reads_how_long_it_took(page: Page, recipient: str) -> None:
    """Read the days to the answer on the public board, and the median over all who answered."""
    row = page.locator(".letter-board tbody tr", has_text=recipient)
    expect(row).to_contain_text(ANSWER)
    expect(row.locator("td").last).to_have_text(str(A_MONTH))
    cells = page.locator(".letter-board tbody tr td:last-child").all_inner_texts()
    days = [int(found.group()) for one in cells if (found := re.search(r"\d+", one))]
    median = int(statistics.median(days) + 0.5)
    expect(page.locator("main p", has_text="Медиана")).to_contain_text(f" {median} ")


def test_from_a_card_to_a_letter_and_its_answer(
    demo: Demo, browser: Browser, person: Callable[..., Person]
) -> None:
    before = counters(demo)
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="kk-KZ", has_touch=True, is_mobile=True
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=demo.address)
    phone = context.new_page()
    phone.add_init_script(
        "window.printed = []; window.print = () => window.printed.push("
        "document.querySelector('[data-paper]').innerText)"
    )
    phone.goto(f"{demo.address}/Q/{printed_by(demo, CODE)}")
    phone.wait_for_url(re.compile(rf"/kk/{APPEAL}from/\w{{8}}/$"))
    supports(demo, phone)
    phone.locator('main a[href*="/write/"]').first.tap()
    phone.wait_for_url("**/kk/write/labour-law/**")
    recipient = writes(phone)
    assert context.cookies() == []

    expected = before | {"online": before["online"] + 1, "letters": before["letters"] + 1}
    wait_until(lambda: counters(demo) == expected, f"counters {expected}", seconds=FOLLOWS)

    # A month passes. Others wrote too: the day of fewer than ten letters does not count.
    printed_by(demo, MONTH_AGO.format(recipient=json.dumps(recipient), days=A_MONTH))
    coordinator = person("coordinator").choose_language("en")
    records_the_answer(coordinator, printed_by(demo, ACTION), recipient)
    phone.goto(f"{demo.address}/kk/write/labour-law/board/")
    reads_how_long_it_took(phone, recipient)
    context.close()
