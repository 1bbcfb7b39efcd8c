"""Coverage: noted, found again, by a link, by a spreadsheet, in charts and totals, as a table."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats

from coalition.accounts.models import Language
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from events.core.summary import is_web, key_of_link
from events.models import Coverage
from events.press.coverage import actions as coverage_actions
from events.press.coverage.models import CoverageKind, CoverageState, Proof
from events.press.coverage.spreadsheet_import import read_coverage_sheet
from tests.events.planning.builders import announced, planned, stage
from tests.events.press.builders import desk
from tests.events.press.builders_voices import aired, covered

pytestmark = pytest.mark.django_db
SENT = {
    "outlet": "Dala TV",
    "kind": "tv",
    "on": "2026-03-02",
    "aired_at": "20:00",
    "programme": "Evening",
    "link": "https://dala.example/evening?utm_source=mail",
    "language": "kk",
    "region": "KZ-75",
    "reach": "12000",
    "proof": "measured",
}


@pytest.fixture(autouse=True)
def _tuesday_at_eleven_in_almaty():
    cache.clear()
    with time_machine.travel("2026-03-03 06:10Z", tick=False):
        yield


@pytest.fixture
def here():
    return desk()


def at(name: str, here, *more: object) -> str:
    return reverse(f"events:{name}", args=[here.workspace.uuid, *more])


def page_of(client_of, here, name: str = "editor", query: str = "") -> str:
    return client_of(here.user(name)).get(at("press_coverage", here) + query).content.decode()


def number(people: int) -> str:
    """As the page writes it."""
    return formats.number_format(people, force_grouping=True)


def given_link(here, name: str = "coordinator"):
    link = coverage_actions.make_coverage_link(
        access=here.access(name), label="Dala desk", language=Language.EN
    )
    return link, reverse("coverage_link", args=[coverage_actions.coverage_link_token(link)])


def test_it_is_noted_shown_changed_taken_out_and_brought_back(here, client_of) -> None:
    client = client_of(here.user("editor"))
    event = announced(here.access("coordinator"), title="Conference")
    assert client.post(at("press_coverage_add", here), SENT | {"about": f"e:{event.uuid}"}).status_code == 302
    row = Coverage.objects.get()
    page = page_of(client_of, here, "reviewer")
    reach = f"{number(12000)} people: measured by the outlet"
    for words in ("Dala TV", "Evening", reach, "Conference en", "20:00"):
        assert words in page
    assert "1 entry" in client.get(event.get_absolute_url()).content.decode()
    client.post(at("press_coverage_one", here, row.uuid), SENT | {"outlet": "Dala News"})
    assert "Dala News" in page_of(client_of, here)
    client.post(at("press_coverage_remove", here, row.uuid))
    assert "Dala News" not in page_of(client_of, here)
    client.post(at("press_coverage_restore", here, row.uuid))
    assert "Dala News" in page_of(client_of, here)


@pytest.mark.parametrize(("name", "status"), [("observer", 403), ("reviewer", 200), ("contributor", 200)])
def test_who_sees_drafts_reads_it_and_only_the_desk_writes(here, client_of, name, status) -> None:
    row = covered(here.access("editor"))
    client = client_of(here.user(name))
    for page in ("press_coverage", "press_coverage_table"):
        assert client.get(at(page, here)).status_code == status
    for page in ("press_coverage_add", "press_coverage_links", "press_coverage_import"):
        assert client.get(at(page, here)).status_code == 403
    assert client.post(at("press_coverage_remove", here, row.uuid)).status_code == 403
    with pytest.raises(NotAllowed):
        covered(here.access(name), "Other FM")
    outside = client_of(stage().user("coordinator"))
    assert outside.get(at("press_coverage", here)).status_code == 404


def test_another_organisation_changes_nothing_but_who_publishes_does(here, client_of) -> None:
    row = covered(here.access("coordinator"))
    assert client_of(here.user("editor")).post(at("press_coverage_remove", here, row.uuid)).status_code == 403
    theirs = covered(here.access("editor"), "Other FM")
    coverage_actions.remove_coverage(access=here.access("coordinator"), coverage=theirs)
    assert Coverage.objects.exclude(removed_at=None).count() == 1


@pytest.mark.parametrize(
    "again",
    [
        "http://www.dala.example/evening",
        "https://dala.example/evening/#comments",
        "https://m.dala.example/evening?utm_medium=x&fbclid=1",
    ],
)
def test_the_same_link_is_found_again(here, client_of, again) -> None:
    client = client_of(here.user("editor"))
    client.post(at("press_coverage_add", here), SENT)
    answer = client.post(at("press_coverage_add", here), SENT | {"link": again, "outlet": "Kept outlet"})
    assert answer.status_code == 422
    assert "noted already" in answer.content.decode()
    assert "Kept outlet" in answer.content.decode()
    assert Coverage.objects.count() == 1


def test_another_page_is_another_link() -> None:
    assert key_of_link("https://a.example/news?id=1") != key_of_link("https://a.example/news?id=2")
    assert key_of_link("https://a.example/1") != key_of_link("https://b.example/1")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://a.example",
        "data:text/html,x",
        "https://user:pass@a.example/",
        "https://",
        "//a.example/1",
        "https://a.example/\nx",
        'https://a.example/"onclick="x',
        "https://[::1",
        "ftp://a.example/x",
    ],
)
def test_what_is_no_page_of_the_web_is_no_link(here, client_of, client, link) -> None:
    assert not is_web(link)
    answer = client_of(here.user("editor")).post(at("press_coverage_add", here), SENT | {"link": link})
    assert answer.status_code == 422
    assert 'href="javascript' not in answer.content.decode().lower()
    _link, address = given_link(here)
    assert client.post(address, SENT | {"link": link}).status_code == 422
    with pytest.raises(Refused):
        covered(here.access("editor"), link=link)
    assert not Coverage.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "2026-03-04"},
        {"on": "1899-01-01"},
        {"on": "yesterday"},
        {"reach": "-1"},
        {"reach": "99999999999"},
        {"reach": "", "proof": "measured"},
        {"proof": "unknown"},
        {"region": "KZ-99"},
        {"outlet": "Dala\r\nBcc: x@example"},
        {"link": "", "programme": "", "aired_at": ""},
        {"about": "e:0190a1b2-0000-7000-8000-000000000000"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(here, client_of, wrong) -> None:
    sent = {**SENT, "title": "Kept title", **wrong}
    if "link" in wrong:
        sent["title"] = ""
    answer = client_of(here.user("editor")).post(at("press_coverage_add", here), sent)
    assert answer.status_code == 422
    assert (sent["title"] or "Dala TV") in answer.content.decode()
    assert not Coverage.objects.exists()


def test_an_event_that_is_hidden_is_not_told_by_its_coverage(here, client_of) -> None:
    hosts = (here.organisation("editor"),)
    event = planned(here.access("editor"), title="Canary closed", restricted_to=hosts)
    covered(here.access("editor"), event=event)
    assert "Canary closed" in page_of(client_of, here, "editor")
    assert "Canary closed" not in page_of(client_of, here, "coordinator")
    page = page_of(client_of, here, "coordinator", f"?event={event.uuid}")
    assert "Dala TV" not in page


def test_filters_charts_and_totals_that_keep_proofs_apart(here, client_of) -> None:
    access = here.access("editor")
    covered(access, "Dala TV", region="KZ-75", reach=1000, proof=Proof.MEASURED)
    covered(access, "Qala FM", region="KZ-75", reach=2000, proof=Proof.MEASURED, kind=CoverageKind.RADIO)
    earlier = datetime.date(2026, 2, 10)
    covered(access, "Steppe", on=earlier, reach=50000, proof=Proof.ESTIMATE, language="ru")
    covered(access, "Unknown Post")
    page = page_of(client_of, here)
    for words in (number(3000), number(50000), "Without a region", "9 February"):
        assert words in page
    assert number(53000) not in page
    narrowed = page_of(client_of, here, query="?kind=radio")
    assert "Qala FM" in narrowed
    assert "Steppe" not in narrowed
    assert "Steppe" in page_of(client_of, here, query="?last=2026-02-28")
    assert "Dala TV" not in page_of(client_of, here, query="?last=2026-02-28")
    assert "Steppe" in page_of(client_of, here, query="?q=STEPPE")
    assert page_of(client_of, here, query="?kind=nothing&first=x&event=y&page=z")


def test_the_table_begins_no_formula_and_comes_in_again(here, client_of) -> None:
    access = here.access("editor")
    covered(access, "=HYPERLINK(1)", title="@sum", programme="+7", reach=5, proof=Proof.COUNTER)
    content = client_of(here.user("editor")).get(at("press_coverage_table", here)).content.decode()
    for cell in content.replace("\ufeff", "").replace("\r\n", ",").split('","'):
        assert not cell.strip('",').startswith(("=", "+", "@"))
    other = desk()
    sheet = SimpleUploadedFile("c.csv", content.encode())
    client = client_of(other.user("editor"))
    answer = client.post(at("press_coverage_import", other), {"file": sheet}, follow=True)
    assert "Shown by a public counter" in answer.content.decode()


def test_an_outlet_notes_by_its_link_and_it_waits(here, client_of, client) -> None:
    _link, address = given_link(here)
    page = client.get(address)
    assert page["X-Robots-Tag"] == "noindex"
    assert not Coverage.objects.exists()
    for _press in range(2):  # pressed twice, it is told the same and noted once
        assert "Thank you" in client.post(address, SENT).content.decode()
    row = Coverage.objects.get()
    assert row.state == CoverageState.WAITING
    assert number(12000) not in page_of(client_of, here, "reviewer")
    mine = page_of(client_of, here, "coordinator")
    assert "waits for a look" in mine
    assert client_of(here.user("editor")).post(at("press_coverage_accept", here, row.uuid)).status_code in {
        302,
        403,
    }
    row.refresh_from_db()
    assert row.state == CoverageState.WAITING
    client_of(here.user("coordinator")).post(at("press_coverage_accept", here, row.uuid))
    assert number(12000) in page_of(client_of, here, "reviewer")


def test_a_link_tells_nothing_and_ends(here, client_of, client) -> None:
    covered(here.access("coordinator"), "Canary outlet")
    link, address = given_link(here)
    page = client.get(address).content.decode()
    for secret in ("Canary outlet", here.workspace.title, "Dala desk", "coordinator"):
        assert secret not in page
    other = client_of(here.user("editor"))
    assert other.post(at("press_coverage_link_end", here, link.uuid)).status_code == 404
    assert "Dala desk" not in other.get(at("press_coverage_links", here)).content.decode()
    elsewhere = desk()
    wrong = reverse("events:press_coverage_link_end", args=[elsewhere.workspace.uuid, link.uuid])
    assert client_of(elsewhere.user("coordinator")).post(wrong).status_code == 404
    client_of(here.user("coordinator")).post(at("press_coverage_link_end", here, link.uuid))
    assert client.get(address).status_code == 410
    assert client.post(address, SENT).status_code == 410
    assert client.get(reverse("coverage_link", args=["x" * 43]), follow=True).status_code == 404
    _link, address = given_link(here)
    with time_machine.travel("2026-06-02 06:10Z"):
        assert client.post(address, SENT).status_code == 410
    assert Coverage.objects.count() == 1


def test_ten_thousand_entries_do_not_come_by_one_link(here, client, monkeypatch) -> None:
    monkeypatch.setattr("coalition.core.throttling.is_rate_limited", lambda *_: False)
    link, address = given_link(here)
    for number in range(coverage_actions.MOST_A_DAY):
        coverage_actions.submit_coverage(source=link, **aired(link=f"https://dala.example/{number}"))
    for number in range(3):
        answer = client.post(address, SENT | {"link": f"https://dala.example/more/{number}"})
        assert answer.status_code == 429
        assert f"https://dala.example/more/{number}" in answer.content.decode()
    assert Coverage.objects.count() == coverage_actions.MOST_A_DAY


def test_one_place_does_not_send_without_end(here, client) -> None:
    _link, address = given_link(here)
    codes = [
        client.post(address, SENT | {"link": f"https://dala.example/{number}"}).status_code
        for number in range(12)
    ]
    assert codes == [200] * 10 + [429] * 2


def test_a_spreadsheet_is_looked_at_and_taken_in(here, client_of) -> None:
    covered(here.access("editor"), link="https://dala.example/known")
    content = (
        "Басылым;Күні;Сілтеме;Түрі;Аудиториясы;Дәлелі;Өңір\n"
        "Dala TV;03.03.2026;https://dala.example/new;телеарна;12 000;Measured by the outlet;Алматы\n"
        "Dala TV;2026-03-01;http://www.dala.example/known/;;;;\n"
        "Qala;02.03.2026;https://qala.example/1;;500;соседка сказала;Атлантида\n"
        "Bad;02.03.2026;=HYPERLINK(1);;;;\n"
        "Script;02.03.2026;javascript:alert(1);;;;\n"
        "Future;02.03.2030;https://f.example/1;;;;\n"
        "Kind;02.03.2026;https://k.example/1;голубь;;;\n"
    )
    client = client_of(here.user("editor"))
    sheet = SimpleUploadedFile("Есеп.csv", content.encode())
    page = client.post(at("press_coverage_import", here), {"file": sheet}, follow=True)
    address = page.redirect_chain[-1][0]
    assert "https://dala.example/new" in page.content.decode()
    assert "Атлантида" in page.content.decode()
    faulty = client.get(f"{address}?kind=faulty").content.decode()
    for words in ("formula", "https://", "lies in the past", "none of the kinds"):
        assert words in faulty
    assert "https://dala.example/known" in client.get(f"{address}?kind=known").content.decode().replace(
        "http://www.", "https://"
    )
    assert Coverage.objects.count() == 1
    client.post(address, {"all_new": "1"})
    new = Coverage.objects.get(link="https://dala.example/new")
    assert (new.kind, new.reach, new.proof, new.region) == ("tv", 12000, Proof.MEASURED, "KZ-75")
    assert Coverage.objects.get(outlet="Qala").proof == Proof.ESTIMATE
    assert Coverage.objects.count() == 3
    assert client.get(at("press_sheet", here, address.rstrip("/").rsplit("/", 1)[-1])).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name;colour\nA;B\n", "No columns"),
        ("outlet;link\nA;https://a.example/1\n", "column for the day"),
        ("outlet;date\n", "nothing below"),
        ("", "nothing in this file"),
        ("\x00\x01\x02", "no spreadsheet"),
    ],
)
def test_a_wrong_spreadsheet_is_refused_in_words(here, client_of, content, words) -> None:
    sheet = SimpleUploadedFile("c.csv", content.encode() or b" ")
    answer = client_of(here.user("editor")).post(at("press_coverage_import", here), {"file": sheet})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_spreadsheet_is_its_readers_alone(here, client_of) -> None:
    content = b"outlet,date,link\nCanary,2026-03-02,https://a.example/1\n"
    sheet = read_coverage_sheet(access=here.access("coordinator"), name="a.csv", content=content)
    address = at("press_coverage_sheet", here, sheet.uuid)
    assert b"Canary" in client_of(here.user("coordinator")).get(address).content
    for name in ("officer", "editor"):
        assert client_of(here.user(name)).get(address).status_code == 404


def test_it_takes_the_same_queries_for_one_and_for_three(here, client_of) -> None:
    client = client_of(here.user("coordinator"))
    access = here.access("coordinator")
    event = announced(access, title="Conference")
    link, _address = given_link(here)
    covered(access, event=event)
    coverage_actions.submit_coverage(source=link, **aired(link="https://w.example/0"))
    pages = [at("press_coverage", here), at("press_coverage_links", here), event.get_absolute_url()]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
        return counts

    one = asked()
    for number in range(2):
        covered(here.access("editor"), f"Outlet {number}", event=event, link=f"https://x.example/{number}")
        coverage_actions.submit_coverage(source=link, **aired(link=f"https://w.example/{number + 1}"))
        given_link(here)
    assert asked() == one
