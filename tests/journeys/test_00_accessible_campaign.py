"""Every page of a campaign, its helplines and its appeal, looked at as `test_00_accessible_pages.py` looks at
the others: in Kazakh at 360 and 1440 pixels, light and dark, and in parts in the other languages."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.campaigning import (
    APPEAL,
    LINE,
    ONE,
    Asker,
    first_link,
    link_for_operators,
    make_files,
    own_line,
    publish_figures,
    use_a_number,
)
from tests.journeys.demo import Demo, Person
from tests.journeys.eye import Eye
from tests.journeys.gathering import workspace_of
from tests.journeys.newsroom import ALMATY
from tests.journeys.samples import PUBLIC_SAMPLES, in_language, share
from tests.journeys.servers import WarmServer, copied

pytestmark = [pytest.mark.timeout(240, func_only=True), pytest.mark.usefixtures("checked")]

BURST = 8  # supports from one place with addresses that are thrown away: enough to be held
sample = pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("kk", 360, "dark"), ("kk", 1440, "light"), ("ru", 1440, "dark"), ("en", 360, "light")],
)


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for all of these tests: they look, and change nothing but a person's language."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("campaign") / "demo")) as started:
        yield started


@dataclass
class Made:
    """Addresses of what was made before anybody looks."""

    workspace: str
    appeal: str
    use: str
    line: str
    operator: str
    figures: str
    hand_over: str
    waiting: str
    counted: str
    withdrawn: str


@pytest.fixture(scope="module")
def made(demo: Demo, browser: Browser) -> Made:
    coordinator, representative, visitor = (Person(demo, browser) for _ in range(3))
    workspace = workspace_of(coordinator.sign_in("coordinator").page)
    appeal = first_link(coordinator.go(f"{workspace}appeals/"), rf"/workspaces/appeals/{ONE}/")
    line = own_line(representative.sign_in("reviewer"))
    asker = Asker(demo, visitor)
    waiting, counted, withdrawn = (asker.ask(f"{name}@mail.example") for name in ("aizhan", "marat", "ivan"))
    asker.confirm(counted)
    asker.withdraw(withdrawn)
    for number in range(BURST):
        asker.confirm(asker.ask(f"robot{number}@mailinator.com"))
    found = Made(
        workspace=workspace,
        appeal=appeal,
        use=use_a_number(coordinator, workspace),
        line=line,
        operator=link_for_operators(representative, line),
        figures=publish_figures(representative, line),
        hand_over=make_files(coordinator, appeal),
        waiting=waiting,
        counted=counted,
        withdrawn=withdrawn,
    )
    for someone in (coordinator, representative, visitor):
        someone.leave()
    return found


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_what_the_public_sees(person: Callable[..., Person], made: Made, language: str) -> None:
    faults = []
    start = f"/{language}/{APPEAL}"
    own = [re.sub(r"/\w\w/support/", f"/{language}/support/", one) for one in (made.waiting, made.counted)]
    own.append(re.sub(r"/\w\w/support/", f"/{language}/support/", made.withdrawn))
    for width, scheme in PUBLIC_SAMPLES[language]:
        eye = Eye(person(width=width, scheme=scheme), language)
        for path in ("", "?region=KZ-79", "?region=KZ-79&language=en", "figures/"):
            eye.look(f"/{language}/help/{path}")
        eye.look(f"/{language}/help/leaflet-kz-99.pdf", status=404)
        asks = f"/{language}/asks/for-a-law/"
        for path in (start, f"{start}sent/", f"{start}names/", asks, *own, f"/{language}/korgau123/"):
            eye.look(path)
        eye.look(f"/{language}/support/link/nobody/", status=404)
        _mistaken(eye, start)
        faults += eye.faults
    assert faults == []


def _mistaken(eye: Eye, start: str) -> None:
    """The form with what was wrong beside its fields."""
    page = eye.someone.page
    page.goto(eye.someone.demo.address + start)
    page.locator('[name="is_listed"]').check()
    page.locator("#support ~ form").evaluate("(form) => { form.noValidate = true; }")
    page.locator('#support ~ form button[type="submit"]').click()
    page.locator(".field--error").first.wait_for()
    eye.look_again()


@sample
def test_the_appeal_at_the_desk(
    person: Callable[..., Person], made: Made, language: str, width: int, scheme: str
) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    parts = ("", "settings/", "versions/", "official/", "petition/", "holds/", "names/", "contacts/")
    hold = first_link(eye.someone.go(f"{made.appeal}holds/"), rf"{made.appeal}holds/{ONE}/")
    pages = [
        *(f"{made.workspace}{name}/" for name in ("campaign", "appeals", "appeals/new")),
        *(made.appeal + part for part in parts),
        *(hold, f"{made.appeal}hand-overs/", made.hand_over),
    ]
    for path in share(pages, language):
        eye.look(path)
    assert eye.faults == []


@sample
def test_codes_and_numbers_in_use(
    person: Callable[..., Person], made: Made, language: str, width: int, scheme: str
) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    codes, uses = f"{made.workspace}codes/", f"{made.workspace}helplines/"
    pages = [codes, first_link(eye.someone.go(codes), rf".*/codes/{ONE}/"), uses, f"{uses}new/"]
    pages += [first_link(eye.someone.go(f"{uses}new/"), rf".*/new/{ONE}/"), made.use, f"{made.use}edit/"]
    for path in share(pages, language):
        eye.look(path)
    assert eye.faults == []


@sample
def test_recipients_and_asks(
    person: Callable[..., Person], made: Made, language: str, width: int, scheme: str
) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    recipients, asks = f"{made.workspace}recipients/", f"{made.workspace}asks/"
    body = first_link(eye.someone.go(recipients), rf".*/recipients/{ONE}/")
    target = first_link(eye.someone.go(body), rf"{body}people/{ONE}/")
    applied = first_link(eye.someone.go(f"{body}imports/"), rf"{body}imports/{ONE}/")
    ask = first_link(eye.someone.go(asks), rf".*/asks/{ONE}/")
    pages = [recipients, f"{recipients}?archived=1", f"{recipients}new/", body, f"{body}?gone=1"]
    pages += [f"{body}edit/", f"{body}imports/", f"{body}imports/new/", applied, target]
    for path in share([*pages, asks, f"{asks}?removed=1", f"{asks}new/", ask, f"{ask}edit/"], language):
        eye.look(path)
    _list_with_mistakes(eye, f"{body}imports/new/")
    _difference(eye, f"{body}imports/new/")
    _step_without_evidence(eye, ask)
    assert eye.faults == []


def _list_with_mistakes(eye: Eye, path: str) -> None:
    """Every mistake of a list is named beside it."""
    _upload(eye, path, "id,name,e-mail\nP-01,,a @b.example\nP-01,Demo,\n")
    eye.someone.page.locator("#faults").wait_for()
    eye.look_again()


def _difference(eye: Eye, path: str) -> None:
    """The review of a list in which most people are missing."""
    _upload(eye, path, "id,name (ru),e-mail\nP-01,Демо Новый, new@demo.example\nP-99,Демо Вторая,\n")
    eye.someone.page.wait_for_url(re.compile(rf"/imports/{ONE}/$"))
    eye.look_again()
    for kind in ("changed", "gone", "back"):
        eye.look(f"{eye.someone.page.url.partition('?')[0]}?kind={kind}")


def _upload(eye: Eye, path: str, rows: str) -> None:
    page = eye.someone.go(path)
    page.locator('[name="file"]').set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.locator('[name="source"]').fill("https://parliament.demo.example/members")
    page.locator('[name="as_of"]').fill(str(datetime.datetime.now(ALMATY).date()))
    page.locator('form:has([name="file"]) button[type="submit"]').click()


def _step_without_evidence(eye: Eye, path: str) -> None:
    page = eye.someone.go(path)
    page.locator('[name="status"]').select_option(index=1)
    page.locator('form:has([name="status"]) button[type="submit"]').click()
    page.locator(".field--error").first.wait_for()
    eye.look_again()


@sample
def test_the_register_of_helplines(
    person: Callable[..., Person], made: Made, language: str, width: int, scheme: str
) -> None:
    """What the organisation of a line sees, and the page on the phone of its operators."""
    eye = in_language(person("reviewer", width=width, scheme=scheme), language)
    parts = ("", "edit/", "operators/", "figures/")
    pages = [LINE, f"{LINE}?retired=1", *(made.line + part for part in parts), f"{LINE}staffing/"]
    for path in share([*pages, f"{LINE}new/", f"{LINE}figures/", made.figures], language):
        eye.look(path)
    phone = in_language(person(width=width, scheme=scheme), language)
    for path in (made.operator, f"{made.operator}figures/"):
        phone.look(path)
    phone.look("/operator/nobody/", status=410)
    assert eye.faults + phone.faults == []
