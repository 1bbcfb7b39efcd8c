"""Journey 10b: a packet of 100 postcards taken in a basement without a connection, 37 handed back blank; two
people count 63 and a third cannot change it; the chancellery's stamp closes the batch."""

import datetime
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person

pytestmark = pytest.mark.timeout(240, func_only=True)

PHONE = 360
SENT = 40_000  # milliseconds
IN_TWO_WEEKS = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=14)).date().isoformat()
BATCH = 10
# Prints the UUID of the design with ten batches of 500; makes it where the demo has none.
DESIGN = """
from django.utils.translation import override
from coalition.accounts.models import User
from coalition.campaigns.models import Appeal, Batch, Body, CardDesign
from coalition.campaigns.referrals.actions import make_referral_code
from coalition.campaigns.referrals.enums import Medium
from coalition.core.clock import now
from coalition.workspaces.permissions import access_to

design = CardDesign.objects.filter(slug="card-to-deputies").first()
appeal = Appeal.objects.get(slug="for-a-law")
body = Body.objects.filter(workspace=appeal.workspace).first() or Body.objects.create(
    workspace=appeal.workspace,
    kind="parliament",
    name={"en": "Chancellery", "kk": "Кеңсе", "ru": "Канцелярия"},
)
if design is None:
    person = User.objects.get(email="coordinator@demo.example")
    access = access_to(person, appeal.workspace.uuid)
    publication = appeal.versions.first().publication
    design = CardDesign.objects.create(
        workspace=appeal.workspace, organisation=access.organisation, slug="card-to-deputies",
        publication=publication, hashes={}, languages=["kk", "ru", "en"], action="appeal",
        target=appeal.uuid, recipient_body=body, created_at=now(),
    )
    for number in range(1, 11):
        with override("en"):
            given = {"action": "appeal", "target": appeal.uuid, "medium": Medium.BATCH}
            code = make_referral_code(access=access, label=f"Batch {number}", **given)
        Batch.objects.create(
            design=design, number=number, quantity=500, region="KZ-43", organisation=access.organisation,
            referral=code, made_at=now(),
        )
print(design.uuid)
"""


def design_of(demo: Demo) -> str:
    """The path of the design's pages."""
    done = demo.manage("shell", "--no-imports", "-c", DESIGN)
    assert done.returncode == 0, done.stderr
    return f"/workspaces/postcards/{done.stdout.split()[-1]}/"


def english(someone: Person) -> Person:
    """Stay signed in, in English."""
    someone.page.wait_for_load_state()
    return someone.choose_language("en")


def batch_page(someone: Person, design: str) -> Page:
    page = someone.go(f"{design}ledger/")
    page.get_by_role("link", name=f"Batch {BATCH}", exact=True).click()
    return page


def stocks(page: Page) -> dict[str, str]:
    """Where the cards are, as the page of the batch says."""
    pairs = page.locator(".stocks > div").evaluate_all(
        "all => all.map((one) => [one.querySelector('dt').textContent, one.querySelector('dd').textContent])"
    )
    found = {name.strip(): count.strip() for name, count in pairs if count.strip() != "0"}
    found.pop("Scans of the code", None)
    return found


def on_the_phone(someone: Person, design: str) -> Page:
    """The page of packets, which the phone stores."""
    page = someone.go(f"{design}hand/")
    expect(page.locator("#line")).to_have_text("Online")
    page.evaluate("navigator.serviceWorker.ready")
    return page


def give(page: Page, quantity: int, mark: str = "") -> None:
    form = page.locator("#give")
    batch = form.locator("option", has_text=f"Batch {BATCH}:").get_attribute("value")
    form.locator("[name=batch]").select_option(batch)
    form.locator("[name=quantity]").fill(str(quantity))
    form.locator("[name=due_on]").fill(IN_TWO_WEEKS)
    form.locator("[name=mark]").fill(mark)
    form.get_by_role("button", name="Give out").click()


def take_back_packet(page: Page, packet: str, **counts: int) -> None:
    row = page.locator(".packet", has_text=packet)
    row.locator("summary").click()
    for name, count in counts.items():
        row.locator(f"[name={name}]").fill(str(count))
    row.get_by_role("button", name="Take back").click()


def test_from_the_printer_to_the_stamp(demo: Demo, person: Callable[..., Person]) -> None:
    design = design_of(demo)
    coordinator = english(person("coordinator"))
    page = batch_page(coordinator, design)
    printed = page.locator("form:has([name=printed-quantity])")
    expect(printed.locator("[name=printed-quantity]")).to_have_value("500")
    printed.get_by_role("button", name="Enter").click()
    expect(page.locator(".stocks > div", has_text="In stock")).to_contain_text("500")
    assert stocks(page) == {"In stock": "500"}

    student = english(person("editor", width=PHONE))
    phone = on_the_phone(student, design)
    student.context.set_offline(True)
    phone.reload()
    expect(phone.locator("#line")).to_have_text("Offline")
    give(phone, 501)
    expect(phone.locator("#give .error").last).to_have_text(re.compile("there are 500"))
    give(phone, 5, "yellow")
    phone.locator(".entry").get_by_role("button", name="Undo").click()
    expect(phone.locator(".entry")).to_have_count(0)
    give(phone, 100, "green")
    take_back_packet(phone, "(green)", collected=63, returned=37)
    expect(phone.locator(".entry", has_text="63 filled in, 37 blank")).to_have_count(1)
    phone.reload()
    expect(phone.locator("#waiting")).to_have_text("Not sent yet: 2")
    student.context.set_offline(False)
    expect(phone.locator("#waiting")).to_have_text("Everything is sent", timeout=SENT)
    assert stocks(batch_page(coordinator, design)) == {"In stock": "437", "Collected": "63"}

    _counted_by_two(coordinator, english(person("contributor")), student, design)
    _stamped(coordinator, design)


def _counted_by_two(first: Person, second: Person, third: Person, design: str) -> None:
    """Two find 63; the third has the page open since before, and is refused."""
    pages = []
    for someone in (first, second, third):
        page = batch_page(someone, design)
        page.get_by_role("link", name="Count cards").click()
        pages.append(page)
    for page, count in zip(pages, (63, 63, 64), strict=True):
        page.locator("[name=count]").fill(str(count))
        page.get_by_role("button", name="Enter my count").click()
    expect(pages[0].locator("main")).to_contain_text("You counted 63. A second person counts now.")
    expect(pages[1].locator("main")).to_contain_text("63 cards")
    expect(pages[2].locator("main")).to_contain_text("It cannot be changed.")
    assert stocks(batch_page(third, design)) == {"In stock": "437", "Counted by two": "63"}


def _stamped(coordinator: Person, design: str) -> None:
    """The delivery needs its number, and closes the batch at once."""
    page = coordinator.go(f"{design}deliveries/new/")
    for box in page.locator("[name^=batch-]").all():
        if box.get_attribute("name") != f"batch-{BATCH}":
            box.fill("0")
    expect(page.locator(f"[name=batch-{BATCH}]")).to_have_value("63")
    page.locator("[name=closes]").check()
    page.get_by_role("button", name="Enter the delivery").click()
    expect(page.locator("main")).to_contain_text("Give the incoming number, or a receipt with the stamp.")
    page.locator("[name=incoming_number]").fill("ЗТ-2184")
    page.get_by_role("button", name="Enter the delivery").click()
    expect(page.locator("main")).to_contain_text("ЗТ-2184")
    page = batch_page(coordinator, design)
    expect(page.locator("header")).to_contain_text("Closed")
    expect(page.locator("form:has([name=printed-quantity])")).to_have_count(0)
    assert stocks(page) == {"In stock": "437", "Delivered": "63"}


def test_one_packet_on_two_phones_without_connection(demo: Demo, person: Callable[..., Person]) -> None:
    design = design_of(demo)
    coordinator, editor = english(person("coordinator", width=PHONE)), english(person("editor", width=PHONE))
    page = batch_page(coordinator, design)
    page.locator("form:has([name=printed-quantity])").get_by_role("button", name="Enter").click()
    one = on_the_phone(coordinator, design)
    give(one, 100, "blue")
    expect(one.locator("#waiting")).to_have_text("Everything is sent", timeout=SENT)
    two = on_the_phone(editor, design)
    for someone in (coordinator, editor):
        someone.context.set_offline(True)
    take_back_packet(one, "(blue)", collected=60, returned=40)
    take_back_packet(two, "(blue)", collected=60, returned=40)
    coordinator.context.set_offline(False)
    expect(one.locator("#waiting")).to_have_text("Everything is sent", timeout=SENT)
    editor.context.set_offline(False)
    entry = two.locator(".entry--refused")
    expect(entry).to_contain_text("Somebody entered packet", timeout=SENT)
    entry.get_by_role("button", name="Discard").click()
    expect(two.locator(".entry")).to_have_count(0)
    assert stocks(batch_page(editor, design)) == {"In stock": "440", "Collected": "60"}
