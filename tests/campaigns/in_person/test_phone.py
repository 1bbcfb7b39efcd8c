"""The page of a table on a volunteer's phone."""

import json
import re
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from lxml import html

from coalition.accounts.models import Listing
from coalition.campaigns.appeals.actions.manage import close_appeal
from coalition.campaigns.in_person.actions.codes import use_code
from coalition.campaigns.in_person.actions.prepare import cancel_table, renew_link
from coalition.campaigns.in_person.links import table_token
from coalition.campaigns.in_person.models import Table, TableCode, TableDevice
from coalition.campaigns.in_person.views import phone
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText
from documents.files.models import StoredFile
from tests.campaigns.in_person.builders import (
    TELEPHONE,
    address,
    guide,
    opened,
    permission_file,
    prepared,
    table_stage,
    tap,
)

pytestmark = pytest.mark.django_db
JSON = {"headers": {"Accept": "application/json"}}


def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def sent_bytes(answer) -> bytes:
    async def read() -> bytes:
        return b"".join([piece async for piece in answer])

    return async_to_sync(read)()


def send(table: Table, sequence: object, taps: object, device: object = None, **given: object):
    sent = {"device": str(device or uuid4()), "sequence": sequence, "taps": taps}
    at = address(table, "taps")
    return browser().post(at, json.dumps(sent), content_type="application/json", **(JSON | given))


def test_before_the_opening_it_shows_everything_and_one_press_opens() -> None:
    made, version = table_stage()
    table = prepared(made, version, permission_file=permission_file(made))
    answer = browser().get(address(table))
    text = text_of(answer)
    for words in (
        "City library",
        "Letter No. 12",
        "A table with permission is no assembly.",
        "Aigul Example",
    ):
        assert words in text
    assert "<li>Stay calm.</li><li>Call the duty telephone.</li>" in text
    assert 'href="tel:+77270000001"' in text
    assert TELEPHONE in text
    assert "I have read this: open the table" in text
    opening = browser().post(address(table, "open"))
    assert opening.status_code == 302
    table.refresh_from_db()
    assert table.opened_at
    text = text_of(browser().get(address(table)))
    assert "I have read this" not in text
    for words in (
        "City library",
        "A table with permission is no assembly.",
        "tel:+77270000001",
        "Stay calm.",
    ):
        assert words in text, "all of it stays on the page"


def test_it_sets_no_cookie_is_stored_nowhere_and_tells_other_sites_nothing() -> None:
    made, version = table_stage()
    for table in (prepared(made, version), opened(made, version, place="Market")):
        answer = browser().get(address(table))
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex"


def test_what_is_missing_is_said_and_nothing_opens() -> None:
    made, version = table_stage()
    guide(made, duty_telephone="")
    table = prepared(made, version, permission_words="")
    text = text_of(browser().get(address(table)))
    assert "The table cannot open. This is missing:" in text
    assert "the duty telephone" in text
    assert "written permission" in text
    assert f"/workspaces/tables/{table.uuid}/" in text
    assert "I have read this" not in text
    answer = browser().post(address(table, "open"))
    assert answer.status_code == 409
    assert "Something is missing" in text_of(answer)


def test_a_withheld_name_is_not_on_the_page() -> None:
    made, version = table_stage()
    hidden = made.organisation(listing=Listing.WITHHELD, name_en="Canary withheld", name_kk="Canary kk")
    table = opened(made, version, organisation=hidden)
    for language in ("kk", "ru", "en"):
        assert "Canary" not in text_of(browser().get(address(table, language=language)))
    assert made.organisations[0].name_in("en") in text_of(
        browser().get(address(opened(made, version, place="Market")))
    )


def test_the_page_leads_to_itself_in_every_language_with_what_volunteers_read_in_it() -> None:
    made, version = table_stage()
    words = {"kk": "Сабыр сақтаңыз.", "ru": "Сохраняйте спокойствие.", "en": "Stay calm."}
    note = {"kk": "Бұл жиналыс емес.", "en": "This is no assembly."}
    guide(made, police_words=LocalizedText(words), legal_note=LocalizedText(note))
    table = opened(made, version)
    paths = [address(table, language=language) for language in ("kk", "ru", "en")]
    for language, path in zip(("kk", "ru", "en"), paths, strict=True):
        tree = html.document_fromstring(browser().get(path).content)
        switch = "//nav[@class='table__languages']/a"
        assert tree.xpath(f"{switch}/@href") == paths
        assert tree.xpath(f"{switch}[@aria-current]/@lang") == [language]
        (police,) = tree.xpath("//section[@id='police']/ol")
        assert (police.get("lang"), police.text_content().strip()) == (language, words[language])
        (shown,) = tree.xpath("//section[@id='note']/div")
        assert shown.get("lang") == ("kk" if language == "ru" else language)
    gone = html.document_fromstring(browser().get("/ru/table/forged/").content)
    assert gone.xpath("//nav[@class='table__languages']/a/@href")[0] == "/kk/table/forged/"


def test_a_phone_without_script_stays_the_same_phone_in_another_language() -> None:
    made, version = table_stage()
    table = opened(made, version)
    phone = tap(table, 3, 3).device
    tree = html.document_fromstring(browser().get(f"{address(table)}?device={phone}").content)
    link = tree.xpath("//nav[@class='table__languages']/a[@lang='kk']/@href")[0]
    assert link == f"{address(table, language='kk')}?device={phone}"
    other = html.document_fromstring(browser().get(link).content)
    assert other.xpath("//output[@id='own']/text()") == ["3"]


def test_a_link_that_ended_or_never_was_says_so() -> None:
    made, version = table_stage()
    table, cancelled = opened(made, version), prepared(made, version, place="Market")
    old, gone = address(table), address(cancelled)
    renew_link(access=made.access, table=table)
    cancel_table(access=made.access, table=cancelled)
    for path in (old, gone, "/en/table/forged/", f"/en/table/{'a' * 500}/"):
        answer = browser().get(path)
        assert answer.status_code == 410
        assert "This link opens nothing" in text_of(answer)
        assert "no-store" in answer["Cache-Control"]
        assert (
            browser().post(f"{path}taps/", "{}", content_type="application/json", **JSON).status_code == 410
        )


def test_another_site_opens_and_counts_nothing() -> None:
    made, version = table_stage()
    table = prepared(made, version)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        for part in ("open", "taps", "codes"):
            assert browser().post(address(table, part), headers=headers).status_code == 403
    table.refresh_from_db()
    assert table.opened_at is None


def test_a_thousand_taps_sent_twice_are_a_thousand() -> None:
    made, version = table_stage()
    table, device = opened(made, version), uuid4()
    for _time in range(2):
        answer = send(table, 1000, 1000, device)
        assert answer.json() == {
            "sequence": 1000,
            "own": 1000,
            "state": "open",
            "closed": "",
            "taps": 1000,
            "codes": 0,
        }
    assert send(table, 3, 3, device).json()["own"] == 1000


@pytest.mark.parametrize(
    ("sequence", "taps", "device"),
    [
        (1, 2, None),
        (-5, 0, None),
        (1, -1, None),
        (10**30, 1, None),
        ("1", 1, None),
        (1.5, 1, None),
        (True, 1, None),
        (1, 1, "nobody"),
        (1, 1, 7),
    ],
)
def test_bad_numbers_are_refused_in_words(sequence, taps, device) -> None:
    made, version = table_stage()
    table = opened(made, version)
    sent = {"device": device if device is not None else str(uuid4()), "sequence": sequence, "taps": taps}
    answer = browser().post(address(table, "taps"), json.dumps(sent), content_type="application/json", **JSON)
    assert answer.status_code == 422
    assert answer.json()["why"]
    assert not TableDevice.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", "null", "[" * 10_000, '{"device": null}'])
def test_what_cannot_be_read_is_refused(body) -> None:
    made, version = table_stage()
    table = opened(made, version)
    answer = browser().post(address(table, "taps"), body, content_type="application/json", **JSON)
    assert answer.status_code == 422


def test_a_device_of_one_table_counts_at_that_table_alone() -> None:
    made, version = table_stage()
    one, other, device = opened(made, version), opened(made, version, place="Market"), uuid4()
    send(one, 5, 5, device)
    assert send(other, 2, 2, device).json()["own"] == 2
    assert send(one, 6, 6, device).json()["taps"] == 6


def test_without_script_each_press_counts_once() -> None:
    made, version = table_stage()
    table, visitor = opened(made, version), browser()
    page = visitor.get(address(table))

    def fields(answer) -> dict[str, str]:
        form = answer.content.decode().partition('id="taps"')[2].partition("</form>")[0]
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form))

    sent = fields(page)
    page = visitor.post(address(table, "taps"), sent | {"press": "1"}, follow=True)
    again = visitor.post(address(table, "taps"), sent | {"press": "1"}, follow=True)
    assert fields(page) == fields(again)
    page = visitor.post(address(table, "taps"), fields(page) | {"press": "1"}, follow=True)
    assert TableDevice.objects.get().taps == 2
    visitor.post(address(table, "taps"), fields(page) | {"press": "-1"}, follow=True)
    assert TableDevice.objects.get().taps == 1
    answer = visitor.post(address(table, "taps"), {"press": "1"})
    assert answer.status_code == 422
    assert "cannot be read" in text_of(answer)


def test_without_script_a_code_is_shown_by_a_press() -> None:
    made, version = table_stage()
    table = opened(made, version)
    text = text_of(browser().post(address(table, "codes")))
    assert 'src="data:image/svg+xml' in text
    assert TableCode.objects.count() == 1


def test_the_screen_learns_that_its_code_was_used() -> None:
    made, version = table_stage()
    table, other = opened(made, version), opened(made, version, place="Market")
    made_code = browser().post(address(table, "codes"), **JSON).json()
    assert made_code["picture"].startswith("data:image/svg+xml")
    assert 890 <= made_code["seconds"] <= 900
    at = f"{address(table, 'state')}?code={made_code['id']}"
    assert browser().get(at).json()["code"] == "waiting"
    code = made_code["address"].rpartition("/")[2]
    use_code(code=code, version=str(version.uuid))
    answer = browser().get(at).json()
    assert (answer["code"], answer["codes"]) == ("used", 1)
    foreign = f"{address(other, 'state')}?code={made_code['id']}"
    assert browser().get(foreign).json()["code"] == "unknown"
    assert browser().get(f"{address(table, 'state')}?code=nothing").json()["code"] == "unknown"


def test_the_screen_learns_that_the_appeal_or_the_table_is_closed() -> None:
    made, version = table_stage()
    table = opened(made, version)
    close_appeal(access=made.access, appeal=version.appeal)
    answer = browser().get(address(table, "state")).json()
    assert (answer["state"], answer["closed"]) == ("open", "This appeal is closed: it takes no more support.")
    refused = browser().post(address(table, "codes"), **JSON)
    assert (refused.status_code, refused.json()["why"]) == (409, answer["closed"])
    Table.objects.filter(pk=table.pk).update(closed_at=now())
    assert browser().get(address(table, "state")).json()["state"] == "closed"
    assert "This table is closed" in text_of(browser().get(address(table)))


def test_looking_makes_and_counts_nothing() -> None:
    made, version = table_stage()
    table = opened(made, version)
    for part in ("", "state", "worker"):
        assert browser().get(address(table, part)).status_code == 200
    for part in ("open", "taps", "codes"):
        assert browser().get(address(table, part)).status_code == 405
    assert not TableCode.objects.exists()
    assert not TableDevice.objects.exists()


def test_looking_every_few_seconds_is_cheap() -> None:
    made, version = table_stage()
    table = opened(made, version)
    browser().get(address(table, "state"))
    with CaptureQueriesContext(connection) as counted:
        browser().get(address(table, "state"))
    assert len(counted) <= 4


def test_presses_of_a_machine_are_slowed_down(monkeypatch) -> None:
    made, version = table_stage()
    table = opened(made, version)
    monkeypatch.setattr(phone, "MOST_CODES", 2)
    monkeypatch.setattr(phone, "MOST_TAP_POSTS", 2)
    codes = [browser().post(address(table, "codes"), **JSON).status_code for _time in range(3)]
    taps = [send(table, 1, 1).status_code for _time in range(3)]
    assert codes == taps == [200, 200, 429]


def test_the_permission_is_sent_without_metadata_by_the_link_alone() -> None:
    made, version = table_stage()
    table = prepared(made, version, permission_file=permission_file(made))
    answer = browser().get(address(table, "permission"))
    assert sent_bytes(answer) == b"The table in the hall is allowed."
    assert 'filename="permission.txt"' in answer["Content-Disposition"]
    bare = prepared(made, version, place="Market")
    assert browser().get(address(bare, "permission")).status_code == 410


@pytest.mark.parametrize("change", [{"restricted": True}, {"handling": "red"}, {"deleted_at": now()}])
def test_a_permission_that_was_limited_or_deleted_is_sent_to_nobody_and_the_page_says_so(change) -> None:
    made, version = table_stage()
    file = permission_file(made)
    table = prepared(made, version, permission_file=file)
    assert "choose another file" not in text_of(browser().get(address(table)))
    StoredFile.objects.filter(pk=file.pk).update(**change)
    answer = browser().get(address(table, "permission"))
    assert answer.status_code == 410
    page = browser().get(address(table))
    for text in (text_of(answer), text_of(page)):
        assert "not shown any more" in text
        assert "choose another file" in text
    assert address(table, "permission") not in page.content.decode()


def test_a_table_of_another_day_says_when() -> None:
    made, version = table_stage()
    table = prepared(made, version)
    day = localdate(now())
    Table.objects.filter(pk=table.pk).update(day=day.replace(year=day.year + 1))
    assert "The table opens on" in text_of(browser().get(address(table)))
    Table.objects.filter(pk=table.pk).update(day=day.replace(year=day.year - 1))
    assert "The day of this table is past" in text_of(browser().get(address(table)))
    assert browser().post(address(table, "open")).status_code == 409


def test_the_token_is_not_in_the_page_of_the_desk_for_who_may_not_change_it() -> None:
    made, version = table_stage()
    table = opened(made, version)
    assert table_token(table) not in text_of(browser().get(address(table, "state")))
