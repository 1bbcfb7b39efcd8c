"""The pages of recipients at the desk."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from coalition.accounts.models import Listing
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.sections import section_cards
from coalition.campaigns.models import Body, Target, TargetImport
from coalition.core.clock import now
from events.spreadsheets.reader import read_rows
from tests.campaigns.recipients.lists import PEOPLE, body_of, csv, imported, read
from tests.conftest import new_client
from tests.events.planning.builders import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def body(here):
    return body_of(here.access())


@pytest.fixture
def browser(here):
    return new_client(here.user("editor"))


def desk(here) -> str:
    return f"/workspaces/{here.workspace.uuid}/recipients/"


def of(here, body) -> str:
    return f"{desk(here)}{body.uuid}/"


def words(answer) -> str:
    return " ".join(html.document_fromstring(answer.content).text_content().split())


def sent(*rows: str, **given: str) -> dict[str, object]:
    file = SimpleUploadedFile("members.csv", csv(*rows))
    fields = {"source": "a source", "as_of": site_today().isoformat(), "language": "en", "file": file}
    return fields | given


def test_a_body_is_added_and_changed(here, browser) -> None:
    fields = {"kind": "ministry", "name_kk": "Министрлік", "email": "office@ministry.example"}
    answer = browser.post(f"{desk(here)}new/", fields, follow=True)
    body = Body.objects.get()
    assert answer.redirect_chain[-1][0] == of(here, body)
    assert dict(body.name) == {"kk": "Министрлік"}
    browser.post(f"{of(here, body)}edit/", {**fields, "name_ru": "Министерство", "email": ""})
    body.refresh_from_db()
    assert (dict(body.name), body.email) == ({"kk": "Министрлік", "ru": "Министерство"}, "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "circus"),
        ("email", "a @b.example"),
        ("as_of", (site_today() + datetime.timedelta(days=2)).isoformat()),
        ("name_kk", " "),
    ],
)
def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(here, browser, field, value) -> None:
    fields = {"kind": "ministry", "name_kk": "Министрлік", "source": "A document", field: value}
    answer = browser.post(f"{desk(here)}new/", fields)
    assert answer.status_code == 422
    tree = html.document_fromstring(answer.content)
    assert tree.xpath(f"//*[contains(@class, 'field--error')][.//*[@name='{field}']]")
    assert tree.xpath("//input[@name='source']/@value") == ["A document"]
    assert not Body.objects.exists()


def test_source_and_day_come_from_the_import_once_there_was_one(here, browser, body) -> None:
    imported(here.access(), body)
    tree = html.document_fromstring(browser.get(f"{of(here, body)}edit/").content)
    assert not tree.xpath("//*[@name='source' or @name='as_of']")
    fields = {"kind": "council", "name_en": "Council", "source": "typed", "as_of": "2020-01-01"}
    assert browser.post(f"{of(here, body)}edit/", fields).status_code == 302
    body.refresh_from_db()
    assert (body.kind, body.as_of, body.source == "typed") == ("council", site_today(), False)


def test_a_body_is_archived_and_brought_back(here, browser, body) -> None:
    browser.post(f"{of(here, body)}archive/")
    assert "Demo parliament" not in words(browser.get(desk(here)))
    assert "Demo parliament" in words(browser.get(f"{desk(here)}?archived=1"))
    assert "Import a list" not in words(browser.get(of(here, body)))
    browser.post(f"{of(here, body)}restore/")
    assert "Demo parliament" in words(browser.get(desk(here)))


def test_an_upload_leads_to_the_review_and_one_press_applies_it(here, browser, body) -> None:
    answer = browser.post(f"{of(here, body)}imports/new/", sent(*PEOPLE), follow=True)
    text = words(answer)
    assert "New 3" in text
    assert "Demo Two Identifier: 2 · Committee B · " in text
    row = TargetImport.objects.get()
    answer = browser.post(f"{of(here, body)}imports/{row.uuid}/apply/", follow=True)
    assert answer.redirect_chain[-1][0] == of(here, body)
    assert "In office 3" in words(answer)


def test_mistakes_are_listed_and_what_was_typed_stays(here, browser, body) -> None:
    posted = sent(PEOPLE[0], "1;Demo Two;;Atlantis;;b @x.example", source="The state gazette")
    answer = browser.post(f"{of(here, body)}imports/new/", posted)
    assert answer.status_code == 422
    text = words(answer)
    assert "Row 3, column “e-mail” There is a space inside this e-mail address: “b @x.example”." in text
    assert "Row 3, column “region” This region is not known: “Atlantis”." in text
    assert "Row 3, column “id” The same identifier stands in row 2: 1." in text
    tree = html.document_fromstring(answer.content)
    assert tree.xpath("//input[@name='source']/@value") == ["The state gazette"]
    assert not TargetImport.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", ""),
        ("as_of", ""),
        ("as_of", (site_today() + datetime.timedelta(days=2)).isoformat()),
        ("file", ""),
        ("file", SimpleUploadedFile("x.xls", b"\xd0\xcf\x11\xe0 and more")),
    ],
)
def test_source_day_and_a_file_that_can_be_read_are_needed(here, browser, body, field, value) -> None:
    answer = browser.post(f"{of(here, body)}imports/new/", sent(*PEOPLE, **{field: value}))
    assert answer.status_code == 422
    tree = html.document_fromstring(answer.content)
    assert tree.xpath(f"//*[contains(@class, 'field--error')][.//*[@name='{field}']]")
    assert not TargetImport.objects.exists()


def test_the_review_shows_old_and_new_and_names_trimmed_addresses(here, browser, body) -> None:
    imported(here.access(), body)
    row = read(here.access(), body, "1;Demo One;Committee Z;KZ-10;kk; one@x.example", *PEOPLE[1:])
    text = words(browser.get(f"{of(here, body)}imports/{row.uuid}/"))
    assert "Committee (English): before: Committee A → after: Committee Z" in text
    assert "E-mail: before: one@parliament.example → after: one@x.example" in text
    assert "1 e-mail address had a space before or after it." in text
    assert "Row 2: one@x.example" in text


def test_a_list_that_would_end_most_people_is_asked_about(here, browser, body) -> None:
    imported(here.access(), body)
    for rows, asked in ((PEOPLE[:1], True), (PEOPLE[:2], False)):
        row = read(here.access(), body, *rows)
        text = words(browser.get(f"{of(here, body)}imports/{row.uuid}/"))
        assert ("More than half of the people here are missing" in text) is asked


def test_a_list_that_would_end_most_people_needs_an_answer_and_shows_them_first(here, browser, body) -> None:
    imported(here.access(), body)
    row = read(here.access(), body, PEOPLE[0], "4;Demo Four;;;;")
    page = f"{of(here, body)}imports/{row.uuid}/"
    shown = browser.get(page)
    tree = html.document_fromstring(shown.content)
    assert tree.xpath("//form[.//input[@name='is_whole'][@required]]/@action") == [f"{page}apply/"]
    assert "Demo Two" in words(shown)
    refused = browser.post(f"{page}apply/", follow=True)
    tree = html.document_fromstring(refused.content)
    [error] = tree.xpath("//*[contains(@class, 'field--error')][.//*[@name='is_whole']]")
    assert "say that this is the whole list of this body" in error.text_content()
    assert Target.objects.filter(gone_on=None).count() == 3
    browser.post(f"{page}apply/", {"is_whole": "on"})
    assert Target.objects.filter(gone_on=None).count() == 2


def test_a_difference_that_is_out_of_date_is_shown_anew(here, browser, body) -> None:
    mine = read(here.access(), body, *PEOPLE)
    imported(here.access(), body, *PEOPLE[:2])
    page = f"{of(here, body)}imports/{mine.uuid}/"
    assert "Another list was applied since this was read." in words(browser.get(page))
    text = words(browser.post(f"{page}apply/", follow=True))
    assert "Another list was applied meanwhile. Nothing is changed yet" in text
    assert "New 1" in text
    assert Target.objects.count() == 2
    browser.post(f"{page}apply/")
    assert Target.objects.count() == 3


def test_an_import_is_discarded_or_undone_by_a_press(here, browser, body) -> None:
    row = read(here.access(), body, *PEOPLE)
    page = f"{of(here, body)}imports/{row.uuid}/"
    browser.post(f"{page}discard/")
    assert "Apply the list" not in words(browser.get(page))
    row = imported(here.access(), body)
    page = f"{of(here, body)}imports/{row.uuid}/"
    assert "Undo this import" in words(browser.get(page))
    assert "The import is undone" in words(browser.post(f"{page}undo/", follow=True))
    assert not Target.objects.exists()
    assert "Undo this import" not in words(browser.get(page))


def test_people_are_searched_and_filtered_and_gone_ones_stand_apart(here, browser, body) -> None:
    imported(here.access(), body)
    imported(here.access(), body, *PEOPLE[:2])

    def names(query: str) -> list[str]:
        tree = html.document_fromstring(browser.get(f"{of(here, body)}{query}").content)
        return [one.strip() for one in tree.xpath("//ul[contains(@class, 'rows')]/li//b/a/text()")]

    assert names("") == ["Demo One", "Demo Two"]
    assert names("?gone=1") == ["Demo Three"]
    assert names("?words=tWo") == ["Demo Two"]
    assert names("?committee=Committee+A") == ["Demo One"]
    assert names("?committee=Committee+A&region=KZ-71") == []
    assert names("?region=nowhere&page=99") == ["Demo One", "Demo Two"]


def test_one_person_with_source_and_day(here, browser, body) -> None:
    imported(here.access(), body)
    imported(here.access(), body, *PEOPLE[:2])
    one, three = (Target.objects.get(external_id=number) for number in "13")
    text = words(browser.get(f"{of(here, body)}people/{one.uuid}/"))
    for part in ("Demo One", "Committee A", "one@parliament.example", "https://parliament.example/members"):
        assert part in text
    assert "They are not in the newest list" not in text
    assert "They are not in the newest list" in words(browser.get(f"{of(here, body)}people/{three.uuid}/"))


def test_the_template_is_downloaded(here, browser) -> None:
    answer = browser.get(f"{desk(here)}template.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="recipients.xlsx"'
    [heads] = read_rows(answer.content)
    assert heads[0] == "id"


def test_who_does_not_plan_sees_and_changes_nothing(here, body) -> None:
    row = read(here.access(), body, *PEOPLE)
    page = f"{of(here, body)}imports/{row.uuid}/"
    browser = new_client(here.user("reviewer"))
    for path in (desk(here), of(here, body), f"{of(here, body)}imports/", page):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert not html.document_fromstring(answer.content).xpath("//main//form[@method='post']")
    for path in (f"{desk(here)}new/", f"{of(here, body)}edit/", f"{of(here, body)}imports/new/"):
        assert browser.get(path).status_code == 403
    for path in (f"{page}apply/", f"{page}discard/", f"{page}undo/", f"{of(here, body)}archive/"):
        assert browser.post(path).status_code == 403
    assert new_client(here.user("observer")).get(desk(here)).status_code == 403
    assert not Target.objects.exists()


def test_another_workspace_sees_nothing_of_it(here, body) -> None:
    row, elsewhere = read(here.access(), body, *PEOPLE), stage()
    browser = new_client(elsewhere.user("coordinator"))
    for base in (desk(here), desk(elsewhere)):
        for path in ("", "edit/", "imports/", f"imports/{row.uuid}/"):
            assert browser.get(f"{base}{body.uuid}/{path}").status_code == 404
        assert browser.post(f"{base}{body.uuid}/imports/{row.uuid}/apply/").status_code == 404
    assert "Demo parliament" not in words(browser.get(desk(elsewhere)))


def test_in_an_archived_workspace_everything_is_read_only(here, body) -> None:
    here.workspace.archived_at = now()
    here.workspace.save()
    browser = new_client(here.user("coordinator"))
    assert "Import a list" not in words(browser.get(of(here, body)))
    assert browser.post(f"{of(here, body)}archive/").status_code == 403


def test_an_organisation_that_is_not_named_is_not_named_beside_its_import(here, body) -> None:
    organisation = here.organisation()
    organisation.listing = Listing.CONFIDENTIAL
    organisation.save()
    row = read(here.access(), body, *PEOPLE)
    browser = new_client(here.user("reviewer"))
    for path in ("imports/", f"imports/{row.uuid}/"):
        text = words(browser.get(of(here, body) + path))
        for name in (organisation.name_kk, organisation.name_ru, organisation.name_en):
            assert name not in text


def test_lists_cost_the_same_with_one_row_and_with_three(here, browser, body) -> None:
    read(here.access(), body, *PEOPLE)
    imported(here.access(), body, PEOPLE[0])
    pages = (desk(here), of(here, body), f"{of(here, body)}imports/")

    def queries() -> list[int]:
        counts = []
        for path in pages:
            with CaptureQueriesContext(connection) as counted:
                assert browser.get(path).status_code == 200
            counts.append(len(counted))
        return counts

    queries()  # fills caches
    with_one = queries()
    for _number in range(2):
        body_of(here.access())
        imported(here.access(), body, *PEOPLE)
    assert queries() == with_one


def test_the_section_says_what_waits(here, body) -> None:
    def summary():
        return next(card for card in section_cards(here.access()) if card.name == "recipients").summary

    assert summary().text == "1 body, 0 people in office."
    read(here.access(), body, *PEOPLE)
    assert summary().needs_attention
    imported(here.access(), body, ago=181)
    TargetImport.objects.filter(state="proposed").delete()
    assert summary().text == "1 body, 3 people in office. A list is older than 180 days."
