"""The page of paper sheets: printing, marking, and what each person may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from coalition.accounts.models import Listing
from coalition.campaigns.in_person.sheets.models import PaperSheet, SheetRun
from coalition.campaigns.in_person.sheets.presenters import sheets_summary
from coalition.campaigns.models import Appeal
from coalition.core.clock import now
from coalition.roles import SeatRole
from tests.campaigns.in_person_sheets.builders import ALMATY
from tests.factories import seat

pytestmark = pytest.mark.django_db


def at(here, name="sheets", *args):
    return reverse(f"campaigns:{name}", args=[here.made.workspace.uuid, *args])


def sent(here, prefix, **values):
    values = {"appeal": here.appeal.uuid, **values}
    return {f"{prefix}-{name}": value for name, value in values.items()}


@pytest.fixture
def browser(here, client_of):
    return client_of(here.made.coordinator)


def test_sheets_are_printed_and_marked_on_one_page(here, browser):
    given = sent(here, "print", region=ALMATY, language="kk", quantity=30)
    page = browser.post(at(here), given, follow=True).content.decode()
    assert "Sheets 1–30 are numbered" in page
    assert "a second sheet with the same number" in page
    run = SheetRun.objects.get()
    answer = browser.get(at(here, "sheet_run_pdf", run.uuid))
    assert answer["Content-Type"] == "application/pdf"
    marked = sent(here, "mark", numbers="12–18, 20", state="returned")
    page = browser.post(at(here, "sheets_mark"), marked, follow=True).content.decode()
    assert "8 sheets are marked." in page
    assert "12–18, 20" in page
    assert PaperSheet.objects.filter(state="returned").count() == 8


def test_what_was_typed_wrongly_stays_with_the_error_beside_it(here, browser):
    here.run(quantity=3)
    for numbers, reason in (("2–9", "no sheet with the number 4–9"), ("two", "“two” is no number")):
        given = sent(here, "mark", numbers=numbers, state="returned")
        answer = browser.post(at(here, "sheets_mark"), given)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert reason in page
        assert f'value="{numbers}"' in page
    answer = browser.post(at(here), sent(here, "print", region=ALMATY, language="ru", quantity=3))
    assert answer.status_code == 422
    assert "not published in this language" in answer.content.decode()


def test_a_get_of_the_marks_leads_to_the_page(here, browser):
    assert browser.get(at(here, "sheets_mark")).url == at(here)


def test_who_reads_drafts_sees_them_and_others_do_not(here, client_of):
    run = here.run()
    addresses = [at(here), at(here, "sheet_run_pdf", run.uuid)]
    reviewer = client_of(here.person(role=SeatRole.REVIEWER))
    observer = client_of(here.person(role=SeatRole.OBSERVER))
    outsider = client_of(seat(role=SeatRole.COORDINATOR).person)
    assert [reviewer.get(one).status_code for one in addresses] == [200, 200]
    assert "Number and print" not in reviewer.get(addresses[0]).content.decode()
    assert {observer.get(one).status_code for one in addresses} == {403}
    assert {outsider.get(one).status_code for one in addresses} == {404}


def test_a_run_of_another_workspace_is_not_found(here, client_of):
    run = here.run()
    elsewhere = seat(role=SeatRole.COORDINATOR)
    answer = client_of(elsewhere.person).get(
        reverse("campaigns:sheet_run_pdf", args=[elsewhere.workspace.uuid, run.uuid])
    )
    assert answer.status_code == 404


def test_a_confidential_name_is_shown_to_nobody_who_may_not_read_it(here, client_of):
    hidden = here.other(listing=Listing.CONFIDENTIAL, name_en="Canary Shelter")
    here.run(hidden)
    page = client_of(here.person()).get(at(here)).content.decode()
    assert "Canary Shelter" not in page
    assert hidden.organisation.code in page


def test_an_earlier_text_and_paper_to_destroy_are_said(here, browser):
    here.run(quantity=3)
    here.new_words()
    assert "bear the earlier one" in browser.get(at(here)).content.decode()
    Appeal.objects.update(personal_data_until=localdate(now()).replace(year=2020))
    assert "Destroy all sheets" in browser.get(at(here)).content.decode()


def test_without_an_open_appeal_the_page_says_what_is_missing(here, browser):
    Appeal.objects.update(closed_at=now())
    page = browser.get(at(here)).content.decode()
    assert "Sheets are printed of an appeal that is open" in page


def test_the_page_costs_the_same_for_one_and_three_organisations(here, browser):
    def queries():
        browser.get(at(here))
        with CaptureQueriesContext(connection) as found:
            assert browser.get(at(here)).status_code == 200
        return len(found)

    here.returned(3)
    before = queries()
    for _number in range(2):
        here.returned(3, here.other())
    assert queries() == before


def test_the_section_says_what_there_is(here, django_assert_num_queries):
    access = here.access
    assert sheets_summary(access).text == "No sheets are printed yet."
    here.returned(2)
    here.run(quantity=3)
    with django_assert_num_queries(1):
        found = sheets_summary(access)
    assert found.text == "3 sheets are handed out, 2 returned and not counted."
    assert found.needs_attention
