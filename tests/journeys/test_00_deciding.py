"""A decision other than a text: a question put, one voice an organisation, the outcome in the register."""

import datetime
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person, wait_until
from tests.journeys.eye import Eye

pytestmark = pytest.mark.timeout(180, func_only=True)

TITLE = "Дауыс жазбасын сақтау"
ASKED = ("Тобыл толқыны", "Кең босаға", "Сыр қыздары")
RESERVED = "Бір айдан кейін өшірілсе."
# The clock of the database cannot be moved in a journey, so the deadline is.
NOW = """
from django.utils import timezone
from coalition.jobs.models import DueWork
from documents.models import Question
Question.objects.filter(uuid="{uuid}").update(deadline=timezone.now())
DueWork.objects.filter(kind="question_deadline", key="{uuid}").update(due_at=timezone.now())
"""


def _register(coordinator: Person) -> str:
    """The address of the register of the coordinator's workspace."""
    page = coordinator.go("/workspaces/")
    page.get_by_role("link", name="Article 123").first.click()
    page.wait_for_url(re.compile(r"/workspaces/[0-9a-f-]{36}/"))
    return f"{page.url}decisions/"


def _put(coordinator: Person, register: str) -> str:
    """Put the question; returns its address."""
    page = coordinator.go(f"{register}ask/")
    page.locator('[name="title"]').fill(TITLE)
    page.locator('[name="words"]').fill("Кездесулердің дауыс жазбасын сақтаймыз ба?")
    for box in page.locator('main input[name="organisations"]').all():
        box.uncheck()
    for name in ASKED:
        page.locator('label:has(input[name="organisations"])', has_text=name).locator("input").check()
    page.locator('input[name="rule"][value="majority"]').check()
    page.locator('[name="quorum"]').fill("60")
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
    page.locator('[name="deadline"]').fill(later.strftime("%Y-%m-%dT18:00"))
    page.locator('main form button[type="submit"]').last.click()
    page.wait_for_url(re.compile(r"/workspaces/questions/[0-9a-f-]{36}/"))
    return page.url


def _answer(someone: Person, kind: str, words: str = "") -> Page:
    """Answer on the page that is open, for the only organisation that one may answer for."""
    page = someone.page
    form = page.locator('form[action*="/answer/"]')
    form.locator(f'input[value="{kind}"]').check()
    form.locator('[name="words"]').fill(words)
    form.locator('button[type="submit"]').click()
    someone.prove_again()
    return page


def test_from_a_question_to_its_outcome(demo: Demo, person: Callable[..., Person]) -> None:
    coordinator = person("coordinator").choose_language("kk")
    register = _register(coordinator)
    question = _put(coordinator, register)
    expect(_answer(coordinator, "agrees").locator(".state--approved")).to_have_count(1)

    # The reviewer finds it on the desk. A reservation needs its words; what was chosen stays.
    reviewer = Eye(person("reviewer", width=360), "kk")
    page = reviewer.someone.go("/workspaces/")
    page.locator("main li, main tr", has_text=TITLE).locator("a").first.click()
    _answer(reviewer.someone, "reserves")
    expect(page.locator(".field--error")).to_have_count(1)
    expect(page.locator('input[value="reserves"]')).to_be_checked()
    _answer(reviewer.someone, "reserves", RESERVED)
    expect(page.locator(".matrix")).to_contain_text(RESERVED)
    reviewer.look_again()

    # Whose name is withheld answers as everyone; who has no part in it finds nothing there.
    withheld, path = person("withheld"), question.removeprefix(demo.address)
    withheld.go(path)
    expect(_answer(withheld, "abstains").locator(".matrix .state--abstains")).to_have_count(1)
    assert person("outsider").status(path) == 404

    # At the deadline the outcome is fixed: nobody answers any more, and the register tells it.
    uuid = question.rstrip("/").rpartition("/")[2]
    demo.manage("shell", "--command", NOW.format(uuid=uuid))

    def decided() -> bool:
        return coordinator.go(register).locator("tr", has_text=TITLE).locator(".badge--yes").count() > 0

    wait_until(decided, "the outcome in the register")
    row = coordinator.page.locator("tr", has_text=TITLE)
    expect(row.locator(".badge--yes")).to_be_visible()
    expect(row).to_contain_text("3 ішінен 3")
    page = reviewer.look(path)
    expect(page.locator('form[action*="/answer/"]')).to_have_count(0)
    assert reviewer.faults == []
