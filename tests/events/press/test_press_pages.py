"""The pages of the press desk: who opens them, what they show, and that nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.core.clock import now
from coalition.mail.outbox import deliver_due
from documents.contacts.actions import share_contact
from documents.models import Contact
from events.models import Call, CallSheet, MailOut, SheetTaken
from events.press.actions import make_call_sheet
from events.press.mailings import views as mailings_views
from events.press.mailings.actions import prepare_mail_out, queue_waiting_letters
from events.press.models import CallOutcome, LetterState
from tests.events.press.builders import desk, known, public_event, sent
from tests.factories import FreezeFactory, seat
from tests.poppler import pdf_fonts, pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
PAGES = ("press", "press_add", "press_import", "press_tell", "press_mail_outs", "press_call_sheets")


@pytest.fixture
def made():
    return desk()


def url(made, name: str, *more: object) -> str:
    return reverse(f"events:{name}", args=[made.workspace.uuid, *more])


def test_pages_open_for_who_works_there_and_answer_everyone_else(made, client_of) -> None:
    stranger = client_of(seat().person)
    FreezeFactory(organisation=made.organisation("contributor"), frozen_at=now())
    for role in made.seats:
        browser = client_of(made.user(role))
        expected = {"editor": 200, "coordinator": 200, "officer": 200, "contributor": 302}.get(role, 403)
        assert {browser.get(url(made, page)).status_code for page in PAGES} == {expected}, role
    assert {stranger.get(url(made, page)).status_code for page in PAGES} == {404}


def test_the_tab_is_there_for_who_works_there(made, client_of) -> None:
    address = reverse("workspaces:workspace", args=[made.workspace.uuid])
    for role in made.seats:
        page = client_of(made.user(role)).get(address).content.decode()
        assert (f'href="{url(made, "press")}"' in page) == (role in {"editor", "coordinator", "officer"}), (
            role
        )
        guide = f'href="{url(made, "press_guide")}"'  # which everyone reads who sees drafts
        assert (guide in page) == (role in {"reviewer", "contributor"}), role


def test_the_list_costs_the_same_for_one_and_for_three(made, client_of) -> None:
    browser = client_of(made.user("editor"))
    browser.get(url(made, "press"))
    counts = []
    for first in (0, 1):
        for number in range(first, 2 * first + 1):
            known(made.access("editor"), number)
            theirs = made.access("coordinator")
            known(theirs, number, outlet=f"Closed {number}")
            shared = known(theirs, 10 + number, outlet=f"Open {number}")
            share_contact(access=theirs, contact=shared, coalition=True, workspace=False)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(url(made, "press"))
        assert page.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_is_typed_comes_back_with_the_reason(made, client_of) -> None:
    browser = client_of(made.user("editor"))
    page = browser.post(url(made, "press_add"), {"outlet": "Qala", "name": "Saule", "language": "kk"})
    assert page.status_code == 422
    assert 'value="Saule"' in page.content.decode()
    typed = {"outlet": "Qala", "name": "Saule", "address": "s@x.example", "language": "kk", "beats": ["law"]}
    assert browser.post(url(made, "press_add"), typed).status_code == 302
    contact = Contact.objects.get()
    assert contact.beats == ["law"]
    address = url(made, "press_contact", contact.uuid)
    assert "s@x.example" in browser.get(address).content.decode()
    browser.post(url(made, "press_share", contact.uuid), {"with": "coalition"})
    contact.refresh_from_db()
    assert contact.for_coalition
    other = client_of(made.user("coordinator"))
    assert other.get(address).status_code == 404
    assert "s@x.example" in other.get(url(made, "press")).content.decode()
    assert browser.post(url(made, "press_contact_remove", contact.uuid)).status_code == 302
    assert "s@x.example" not in browser.get(url(made, "press")).content.decode()
    browser.post(url(made, "press_contact_restore", contact.uuid))
    assert "s@x.example" in browser.get(url(made, "press")).content.decode()


def test_a_spreadsheet_is_looked_at_and_taken_in(made, client_of) -> None:
    browser = client_of(made.user("editor"))
    wrong = SimpleUploadedFile("a.csv", b"colour;size\nred;7")
    page = browser.post(url(made, "press_import"), {"file": wrong, "language": "ru"})
    assert page.status_code == 422
    assert "No columns were recognised" in page.content.decode()
    rows = "outlet;name;email\nQala;<b>Saule</b>;s@x.example\nQala;Bad;nothing"
    good = SimpleUploadedFile("a.csv", rows.encode())
    answer = browser.post(url(made, "press_import"), {"file": good, "language": "ru"})
    sheet = SheetTaken.objects.get()
    assert answer["Location"] == url(made, "press_sheet", sheet.uuid)
    page = browser.get(answer["Location"]).content.decode()
    assert "&lt;b&gt;Saule" in page
    assert "This is no e-mail address" in browser.get(f"{answer['Location']}?kind=faulty").content.decode()
    assert client_of(made.user("coordinator")).get(answer["Location"]).status_code == 404
    browser.post(answer["Location"], {"row": ["2", "3", "x"]})
    assert Contact.objects.get().language == "ru"
    browser.post(url(made, "press_sheet_discard", sheet.uuid))
    assert not SheetTaken.objects.exists()


def test_from_the_choice_to_the_state_of_a_mail_out(made, client_of) -> None:
    event = public_event(made.access("coordinator"))
    contact = known(made.access("officer"), language="ru", name="Saule Press")
    browser = client_of(made.user("officer"))
    choice = f"{url(made, 'press_tell')}?event={event.uuid}"
    assert "Article 123" in browser.get(url(made, "press_tell")).content.decode()
    assert str(contact.uuid) in browser.get(choice).content.decode()
    nobody = browser.post(url(made, "press_tell"), {"event": event.uuid, "what": "mail", "q": "Saule"})
    assert nobody.status_code == 422
    assert 'value="Saule"' in nobody.content.decode(), "the filter is not lost"
    answer = browser.post(url(made, "press_tell"), {"event": event.uuid, "contact": [contact.uuid]})
    mail_out = MailOut.objects.get()
    page = browser.get(answer["Location"]).content.decode()
    assert "What it is about, ru" in page
    assert made.user("officer").email in page
    browser.post(url(made, "press_send", mail_out.uuid))
    queue_waiting_letters(str(mail_out.uuid), {})
    deliver_due()
    assert mail_out.letters.get().state == LetterState.SENT
    assert "Saule Press" in browser.get(answer["Location"]).content.decode()
    other = client_of(made.user("editor")).get(answer["Location"]).content.decode()
    assert "Saule Press" not in other
    assert client_of(made.user("editor")).post(url(made, "press_stop", mail_out.uuid)).status_code == 403


def test_everybody_can_be_chosen_where_the_page_does_not_show_all(made, client_of, monkeypatch) -> None:
    monkeypatch.setattr(mailings_views, "MOST_SHOWN", 1)
    event = public_event(made.access("coordinator"))
    for number in range(3):
        known(made.access("officer"), number, regions=["KZ-75"] if number else [])
    browser = client_of(made.user("officer"))
    page = browser.get(f"{url(made, 'press_tell')}?event={event.uuid}&region=KZ-75").content.decode()
    assert "Everybody whom the filters leave: 2" in page
    assert page.count('name="contact"') == 1
    browser.post(url(made, "press_tell"), {"event": event.uuid, "region": "KZ-75", "everybody": "1"})
    assert MailOut.objects.get().letters.count() == 2


@pytest.mark.parametrize("number", ["x", "00000000-0000-0000-0000-000000000000"])
def test_what_cannot_be_told_is_not_there(made, client_of, number) -> None:
    browser = client_of(made.user("officer"))
    for name in ("event", "publication"):
        assert browser.get(f"{url(made, 'press_tell')}?{name}={number}").status_code == 404


def test_pages_of_mail_and_calls_cost_the_same_for_one_and_for_three(made, client_of) -> None:
    access = made.access("officer")
    browser = client_of(made.user("officer"))
    event = public_event(made.access("coordinator"))
    browser.get(url(made, "press"))
    costs = []
    for many in (1, 3):
        contacts = [known(access, 10 * many + number) for number in range(many)]
        uuids = [one.uuid for one in contacts]
        planned = prepare_mail_out(access=access, event=event, contacts=uuids)
        done = sent(access, event, contacts)
        sheet = make_call_sheet(access=access, event=event, contacts=uuids)
        addresses = [
            url(made, "press_mail_out", planned.uuid),
            url(made, "press_mail_out", done.uuid),
            url(made, "press_calls", sheet.uuid),
            url(made, "press_calls_table", sheet.uuid),
            url(made, "press_calls_paper", sheet.uuid),
            url(made, "press_mail_outs"),
            url(made, "press_call_sheets"),
        ]
        costs.append([_cost(browser, address) for address in addresses])
    assert costs[0] == costs[1]


def _cost(browser, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_a_call_sheet_is_written_on_printed_and_taken_as_a_table(made, client_of) -> None:
    access = made.access("editor")
    contact = known(access, phone="+7 701 000 00 00", name="=Saule")
    event = public_event(made.access("coordinator"))
    browser = client_of(made.user("editor"))
    browser.post(url(made, "press_tell"), {"event": event.uuid, "contact": contact.uuid, "what": "calls"})
    sheet, call = CallSheet.objects.get(), Call.objects.get()
    address = url(made, "press_call", sheet.uuid, call.uuid)
    form = {f"{call.pk}-outcome": "again", f"{call.pk}-note": "Ask for the camera crew"}
    refused = browser.post(address, form)
    assert refused.status_code == 422
    assert "Ask for the camera crew" in refused.content.decode()
    browser.post(address, {**form, f"{call.pk}-again_at": "2026-12-03T11:00"})
    call.refresh_from_db()
    assert (call.outcome, call.note) == (CallOutcome.AGAIN, "Ask for the camera crew")
    page = browser.get(url(made, "press_calls", sheet.uuid)).content.decode()
    assert "Copy for messenger" in page
    assert "Article 123 kk" in page
    table = browser.get(url(made, "press_calls_table", sheet.uuid)).content.decode()
    assert '"\'=Saule"' in table
    assert "\"'+7 701" in table
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM events_call")
        assert "camera" not in str(cursor.fetchall())
    other = client_of(made.user("coordinator"))
    for name in ("press_calls", "press_calls_table", "press_calls_paper"):
        assert other.get(url(made, name, sheet.uuid)).status_code == 404
    assert other.post(address, form).status_code == 404
    browser.post(url(made, "press_calls_discard", sheet.uuid))
    assert not CallSheet.objects.exists()


@reads_pdf
def test_a_call_sheet_on_paper_holds_every_letter_and_no_markup(made, client_of, tmp_path) -> None:
    access = made.access("editor")
    letters = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"
    contact = known(access, phone="+7 701 000 00 00", name=letters, outlet="#set text(red) *Арна*")
    event = public_event(made.access("coordinator"))
    sheet = make_call_sheet(access=access, event=event, contacts=[contact.uuid])
    answer = client_of(made.user("editor")).get(url(made, "press_calls_paper", sheet.uuid))
    assert answer["Content-Type"] == "application/pdf"
    path = tmp_path / "calls.pdf"
    path.write_bytes(answer.content)
    words = pdf_text(path)
    assert [one for one in letters.split() if one not in pdf_text(path, "-layout")] == []
    assert "#set text(red)" in words
    assert "Article 123 en" in words
    assert {font.partition("-")[0] for font in pdf_fonts(path)} == {"Onest"}
