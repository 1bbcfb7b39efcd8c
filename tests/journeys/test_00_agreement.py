"""A new edition of the coalition agreement shuts the door; a representative accepts, and it is open again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye

pytestmark = pytest.mark.timeout(180, func_only=True)

AGREEMENT = "/workspaces/agreement/"


def _is_kept_out(someone: Person, workspace: str) -> None:
    """Whoever goes to the workspace is led to the agreement."""
    page = someone.go(workspace)
    expect(page).to_have_url(re.compile(AGREEMENT))


def test_a_new_edition(demo: Demo, person: Callable[..., Person]) -> None:
    representative = person("reviewer")
    member = person().sign_in_with("i.litvin@demo.example")
    page = representative.go("/workspaces/all/")
    workspace = str(page.locator('main a[href^="/workspaces/0"]').first.get_attribute("href"))
    assert (representative.status(workspace), member.status(workspace)) == (200, 200)

    # The secretariat names another public text as the next edition, to be accepted at once.
    secretariat = Eye(person("secretariat"), "en")
    page = secretariat.look("/workspaces/secretariat/agreement/")
    waiting = page.locator("main .badge--wait").count()
    option = page.locator('select[name="publication"] option', has_text="Five rules")
    page.locator('select[name="publication"]').select_option(option.get_attribute("value"))
    page.locator('[name="words"]').fill("Five rules hold for our own offices too.")
    page.locator('main form:has([name="publication"]) button[type="submit"]').click()
    secretariat.someone.prove_again()
    expect(page.locator("main h2").first).to_contain_text("Five rules")
    everyone = page.locator("main .badge--wait").count()
    assert everyone > waiting

    # Nobody gets in. A member reads who can accept, and has no button; the representative has one.
    _is_kept_out(member, workspace)
    page = member.page
    expect(page.locator('form[action*="/accept/"]')).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Гүлнар Әбілова")
    _is_kept_out(representative, workspace)
    eye = Eye(representative, "kk")
    page = eye.look("/workspaces/")
    page.locator(f'main a[href="{AGREEMENT}"]').first.click()
    expect(page.locator("main")).to_contain_text("Five rules hold for our own offices too.")
    eye.look_again()
    page.locator('form[action*="/accept/"] button[type="submit"]').click()
    representative.prove_again()
    expect(page.locator(".notice--yes").first).to_be_visible()

    # Its people are in again, those of others are not; the secretariat sees one less to come.
    assert (representative.status(workspace), member.status(workspace)) == (200, 200)
    _is_kept_out(person("editor"), workspace)
    page = secretariat.look("/workspaces/secretariat/agreement/")
    expect(page.locator("main .badge--wait")).to_have_count(everyone - 1)
    assert eye.faults + secretariat.faults == []


def test_who_is_kept_out_still_decides(person: Callable[..., Person]) -> None:
    """As the demo stands: one organisation has not accepted the second edition."""
    kept_out = person().sign_in_with("l.qalieva@demo.example")
    eye = Eye(kept_out, "kk")
    page = eye.look("/workspaces/")
    page.locator('main a[href*="/decide/"]').first.click()
    page.locator('form[action$="/approve/"] button[type="submit"]').click()
    kept_out.prove_again()
    expect(page.locator(".state--approved").first).to_be_visible()
    page = eye.look(AGREEMENT)
    page.locator('form[action*="/accept/"] button[type="submit"]').click()
    kept_out.prove_again()
    page = eye.look("/workspaces/all/")
    expect(page.locator('main a[href^="/workspaces/0"]').first).to_be_visible()
    assert eye.faults == []
