"""Every page of the journeys in three languages: no fault of access, no complaint of the browser, valid HTML.

Every page is looked at in Kazakh on a phone in the dark, where words are longest and room is least; the
other samples share the pages. `LOOK=everything` looks at every page in every sample.
"""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import UUID, Eye
from tests.journeys.samples import PUBLIC_SAMPLES, in_language, links, sample, share
from tests.journeys.servers import WarmServer, copied

pytestmark = [pytest.mark.timeout(180, func_only=True), pytest.mark.usefixtures("checked")]

ALL = "/workspaces/all/"
SECRETARIAT = "/workspaces/secretariat/"
NO_INVITATION = "/accounts/invitation/not-a-token/"
NOWHERE = "/workspaces/00000000-0000-7000-8000-000000000000/"
EVENT = rf"/workspaces/events/{UUID.pattern}/"


@pytest.fixture(scope="module")
def demo(seed: Path, server: WarmServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One server for all of these tests: they look and change nothing but a person's language."""
    with server.serving(copied(seed, tmp_path_factory.mktemp("looked-at") / "demo")) as started:
        yield started


def _workspace(someone: Person) -> str:
    return links(someone, ALL, rf"/workspaces/{UUID.pattern}/")[0]


def _of_public(someone: Person, language: str) -> list[str]:
    news, partners, sheets = (f"/{language}/{name}/" for name in ("news", "partners", "publications"))
    articles = links(someone, news, rf"{news}[a-z0-9-]+/")[:4]
    return [
        *(f"/{language}/", news, partners, sheets, f"/{language}/about/", f"/{language}/membership/"),
        *(f"/{language}/korgau123/", f"{news}how-to-write-a-complaint/", f"{partners}keng-bosagha/"),
        *articles,
        *(f"{articles[0]}pass-on/", f"/{language}/news-by-mail/", f"/{language}/news-by-mail/sent/"),
        *links(someone, partners, rf"{partners}[a-z0-9-]+/")[:1],
        *links(someone, sheets, rf"{sheets}{UUID.pattern}/")[:1],
        f"/{language}/facts/",
        *links(someone, f"/{language}/facts/", rf"/{language}/facts/{UUID.pattern}/")[:1],
        f"/{language}/open-letter/five-rules/",
        *(f"/{language}/search/?q={words}" for words in ("алматы", "qqqqqq")),
    ]


def _of_workspace(someone: Person) -> list[str]:
    """A coordinator's pages around the texts."""
    workspace = _workspace(someone)
    tabs = ["", "people/", "activity/", "log/", "settings/", "files/", "rounds/", "publications/"]
    publications = links(someone, f"{workspace}publications/", rf"/workspaces/publications/{UUID.pattern}/")
    fact = links(someone, "/workspaces/facts/", rf"/workspaces/facts/{UUID.pattern}/")[0]
    return [
        *("/workspaces/", ALL, "/workspaces/freezes/", "/workspaces/inbox/", "/workspaces/notifications/"),
        *(workspace + tab for tab in tabs),
        *(publications[0], f"{publications[0]}withdraw/"),
        *links(someone, f"{workspace}files/", rf"/workspaces/files/{UUID.pattern}/")[:1],
        *("/workspaces/facts/", "/workspaces/facts/new/", fact, f"{fact}edit/"),
    ]


def _of_texts(someone: Person) -> list[str]:
    """The drafts of a workspace, one of them from all sides, and its round."""
    workspace = _workspace(someone)
    drafts = links(someone, f"{workspace}drafts/", rf"/workspaces/drafts/{UUID.pattern}/")
    rounds = links(someone, f"{workspace}rounds/", rf"/workspaces/rounds/{UUID.pattern}/")
    of_one = ["kk/", "ru/", "kk/comments/", "kk/versions/", "kk/compare/", "settings/", "guests/", "put/"]
    return [
        *(f"{workspace}drafts/", f"{workspace}drafts/new/"),
        *(drafts[0] + page for page in of_one),
        *(f"{draft}kk/" for draft in drafts[1:3]),
        *links(someone, f"{drafts[0]}kk/versions/", rf"/workspaces/versions/{UUID.pattern}/")[:1],
        *rounds,
        *(rounds[-1] + page for page in ("decide/", "publish/")),
    ]


def _of_approving(someone: Person) -> list[str]:
    """What organisations decide and by which ways: around an open round, a text, and an organisation."""
    workspace = _workspace(someone)
    rounds = links(someone, f"{workspace}rounds/", rf"/workspaces/rounds/{UUID.pattern}/")
    draft = links(someone, rounds[0], rf"/workspaces/drafts/{UUID.pattern}/")[0]
    sheet = f"{rounds[0]}calls/"
    published = links(someone, f"{workspace}publications/", rf"/workspaces/publications/{UUID.pattern}/")[0]
    names = links(someone, _organisation(someone), rf"/workspaces/names/{UUID.pattern}/")[0]
    planned = rf"/workspaces/publications/{UUID.pattern}/press/"
    return [
        *(f"{workspace}decisions/", f"{workspace}decisions/ask/"),
        *links(someone, f"{workspace}decisions/", rf"/workspaces/questions/{UUID.pattern}/")[:2],
        *(rounds[0] + page for page in ("decide/", "attest/ru/", "links/", "calls/")),
        *links(someone, sheet, rf"{sheet}{UUID.pattern}/")[:1],
        *(draft + page for page in ("put/", "legal/", "quotations/", "phases/")),
        *(f"{published}letter/", names, f"{names}leave/", f"{names}logo/", "/accounts/requests/"),
        "/workspaces/agreement/",
        *links(someone, f"{workspace}publications/", planned)[:1],
    ]


def _of_public_events(someone: Person, language: str) -> list[str]:
    """Lists of events, and a page of each kind: to come, open over weeks, moved, cancelled, over."""
    events = f"/{language}/events/"
    page = rf"{events}[a-z0-9-]+/"
    lists = [f"{events}{name}/" for name in ("month", "agenda", "map")]
    told = [one for one in links(someone, events, page) if one not in lists]
    past = [one for one in links(someone, f"{events}?past=1", page) if one not in lists]
    forms = [form for one in told for form in links(someone, one, f"{one}questions/")]
    lists += [f"{events}?past=1", f"{events}month/?on={_next_spring()[:7]}"]
    return [events, *lists, *forms, *told, *past[:1]]


def _of_calendar(someone: Person) -> list[str]:
    """A coordinator's calendar, what is planned in it, and who else's it shows."""
    workspace = _workspace(someone)
    calendar, partners = f"{workspace}calendar/", f"{workspace}partner-calendars/"
    events = links(someone, f"{calendar}?view=agenda", EVENT)
    return [
        *(f"/workspaces/calendar/?view={view}" for view in ("month", "week", "agenda", "mine")),
        *(calendar, f"{calendar}?view=week", f"{workspace}events/new/", f"{workspace}sittings/"),
        *(partners, *links(someone, partners, rf"{partners}{UUID.pattern}/")[:2]),
        "/workspaces/feeds/",
        *events,
    ]


def _of_event(someone: Person) -> list[str]:
    """An event from all sides: one with an opening and hours, and one that comes again."""
    agenda = f"{_workspace(someone)}calendar/?view=agenda&on={_next_spring()}"
    events = links(someone, agenda, EVENT)
    sides = ("", "change/", "announce/", "move/", "cancel/", "co-hosts/", "people/")
    minutes = ("running-order/", "running-order/today/", "running-order/add/", "checklist/", "second-place/")
    hours = [address for one in events for address in links(someone, one, f"{one}hours/")]
    lists = [f"{one}questions/" for one in events]
    asked = [address for one in lists for address in links(someone, one, rf"{one}(?:stage/|terms/)")]
    asked += [one for one in lists if f"{one}stage/" in asked]
    return [*(events[0] + side for side in (*sides, *minutes)), *hours[:1], *asked]


def _next_spring() -> str:
    """The day before the press conference of the demo."""
    today = datetime.datetime.now(datetime.UTC).date()
    comes = datetime.date(today.year, 3, 3) >= today
    return datetime.date(today.year if comes else today.year + 1, 3, 2).isoformat()


def _organisation(someone: Person) -> str:
    return links(someone, "/accounts/profile/", rf"/accounts/organisation/{UUID.pattern}/")[0]


def _of_account(someone: Person) -> list[str]:
    own = _organisation(someone)
    more = [
        "sessions/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "password/change/",
        "email/",
        "leave-everywhere/",
    ]
    return [
        *("/accounts/profile/", own, *(own + page for page in ("invite/", "edit/"))),
        *(f"/accounts/{page}" for page in more),
    ]


def _of_secretariat(someone: Person) -> list[str]:
    lists = ["organisations/", "organisations/create/", "invitations/", "offices/", "workspaces/"]
    door = ["requests/", "agreement/", "asking/", "asking/groups/new/"]
    return [
        *(SECRETARIAT + page for page in (*lists, *door)),
        *links(someone, f"{SECRETARIAT}requests/", rf"{SECRETARIAT}requests/{UUID.pattern}/")[:1],
        *links(someone, f"{SECRETARIAT}organisations/", rf"{SECRETARIAT}organisations/{UUID.pattern}/")[:1],
        *links(someone, f"{SECRETARIAT}workspaces/", rf"{SECRETARIAT}workspaces/{UUID.pattern}/")[:1],
        "/workspaces/new/",
    ]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_public_site(person: Callable[..., Person], language: str) -> None:
    faults = []
    for width, scheme in PUBLIC_SAMPLES[language]:
        eye = Eye(person(width=width, scheme=scheme), language)
        for path in _of_public(eye.someone, language):
            eye.look(path)
        eye.look(f"/{language}/nowhere/", status=404)
        eye.look(f"/{language}/help/nowhere/", status=404)  # a quiet page
        faults += eye.faults
    assert faults == []


@sample
def test_the_workspace(person: Callable[..., Person], language: str, width: int, scheme: str) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    for path in share(_of_workspace(eye.someone), language):
        eye.look(path)
    eye.look(NOWHERE, status=404)
    assert eye.faults == []


@sample
def test_the_texts(person: Callable[..., Person], language: str, width: int, scheme: str) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    for path in share(_of_texts(eye.someone), language):
        eye.look(path)
    assert eye.faults == []


@sample
def test_approving(person: Callable[..., Person], language: str, width: int, scheme: str) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    for path in share(_of_approving(eye.someone), language):
        eye.look(path)
    assert eye.faults == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_public_events(person: Callable[..., Person], language: str) -> None:
    faults = []
    for width, scheme in PUBLIC_SAMPLES[language]:
        eye = Eye(person(width=width, scheme=scheme), language)
        for path in _of_public_events(eye.someone, language):
            eye.look(path)
        eye.look(f"/{language}/events/nowhere/", status=404)
        faults += eye.faults
    assert faults == []


@sample
def test_the_calendar(person: Callable[..., Person], language: str, width: int, scheme: str) -> None:
    eye = in_language(person("coordinator", width=width, scheme=scheme), language)
    for path in share([*_of_calendar(eye.someone), *_of_event(eye.someone)], language):
        eye.look(path)
    _message(eye)
    _conflicts(eye)
    assert eye.faults == []


def _message(eye: Eye) -> None:
    """The ready message for a messenger, on the page of an event."""
    page = eye.someone.page
    agenda = f"{_workspace(eye.someone)}calendar/?view=agenda&on={_next_spring()}"
    page.goto(eye.someone.demo.address + links(eye.someone, agenda, EVENT)[0])
    page.locator("[popovertarget]").first.click()
    page.locator(".messenger").wait_for()
    eye.look_again()


def _conflicts(eye: Eye) -> None:
    """The planning form with a conflict told in it."""
    page = eye.someone.page
    page.goto(f"{eye.someone.demo.address}{_workspace(eye.someone)}events/new/")
    page.locator('[name="starts_on"]').fill(_next_spring()[:8] + "03")
    page.locator('[name="starts_at_time"]').fill("11:00")
    page.locator('[name="starts_at_time"]').blur()
    page.locator("form .notice--no").wait_for()
    eye.look_again()


@sample
def test_the_doors(person: Callable[..., Person], language: str, width: int, scheme: str) -> None:
    """What people meet before and after they sign in, and what the secretariat works with."""
    visitor = in_language(person(width=width, scheme=scheme), language)
    for path in ("/demo/", "/accounts/login/", "/accounts/password/reset/", "/accounts/leave-everywhere/"):
        visitor.look(path)
    visitor.look(NO_INVITATION, status=404)
    representative = in_language(person("reviewer", width=width, scheme=scheme), language)
    for path in share(_of_account(representative.someone), language):
        representative.look(path)
    secretariat = in_language(person("secretariat", width=width, scheme=scheme), language)
    for path in share(_of_secretariat(secretariat.someone), language):
        secretariat.look(path)
    assert visitor.faults + representative.faults + secretariat.faults == []
