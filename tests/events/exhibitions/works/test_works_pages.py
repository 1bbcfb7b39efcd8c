"""The desk's pages of works, loans and films, and their papers."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.core.actions.plan import cancel_event
from events.core.enums import EventKind, Frequency
from events.core.facts import RecurrenceRule
from events.exhibitions.works.actions import report_condition, set_loan
from events.exhibitions.works.models import MakerNaming, Reproduction
from events.models import ConditionPhoto, Event, Exhibition, Loan, Screening, Work
from tests.events.exhibitions.works.builders import (
    LETTERS,
    hung,
    in_three,
    photo,
    picture_of,
    png,
    show,
    with_help,
)
from tests.events.exhibitions.works.test_loans import seen
from tests.events.planning.builders import planned, stage
from tests.poppler import count_pdf_pictures, pdf_fonts, pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
WORK = {
    "title_kk": "Үстел",
    "maker": "A. Maker",
    "naming": "name",
    "reproduction": "none",
    "height": "50.5",
    "width": "70",
}
PAGES = ("works", "work_add", "works_around")
OF_WORK = ("work", "work_loan", "work_condition", "work_agreement_pdf", "work_picture")


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def there():
    return show(visibility=None)


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def text_of_pdf(content: bytes, tmp_path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    assert {font.partition("-")[0] for font in pdf_fonts(path)} == {"Onest"}
    return pdf_text(path, "-layout")


def test_a_work_is_added_changed_moved_taken_out_and_brought_back(there, client_of) -> None:
    here, event = there
    client = client_of(here.user())
    assert "No works yet" in client.get(at("works", event)).content.decode()
    client.post(at("work_add", event), WORK)
    work = Work.objects.get()
    assert work.height == Decimal("50.5")
    other = hung(here, event, "Other")
    page = client.get(at("works", event)).content.decode()
    assert "50.5 × 70 cm" in page
    assert "Nobody noted that it may be shown" in page
    client.post(at("work", event, work.uuid), WORK | {"title_kk": "Терезе", "revision": "0"})
    work.refresh_from_db()
    assert work.title == {"kk": "Терезе"}
    client.post(at("works_move", event), {"down": str(work.uuid)})
    assert list(Work.objects.values_list("uuid", flat=True)) == [other.uuid, work.uuid]
    client.post(at("works_move", event), {"item": str(work.uuid), "before": str(other.uuid)})
    assert list(Work.objects.values_list("uuid", flat=True)) == [work.uuid, other.uuid]
    client.post(at("work_remove", event, work.uuid))
    assert client.get(at("work", event, work.uuid)).status_code == 404
    page = client.get(at("works", event)).content.decode()
    assert at("work_restore", event, work.uuid) in page
    client.post(at("work_restore", event, work.uuid))
    assert "Терезе" in client.get(at("works", event)).content.decode()


def test_what_is_wrong_is_said_and_nothing_is_lost(there, client_of) -> None:
    here, event = there
    client = client_of(here.user())
    answer = client.post(at("work_add", event), WORK | {"title_kk": "", "label_kk": "Kept words"})
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    answer = client.post(at("work_add", event), WORK | {"width": "", "maker": "Kept name"})
    assert answer.status_code == 422
    assert "Give height and width" in answer.content.decode()
    work = hung(here, event, "Old")
    client.post(at("work", event, work.uuid), WORK | {"revision": "0"})
    answer = client.post(at("work", event, work.uuid), WORK | {"title_kk": "Second", "revision": "0"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody else changed this work" in page
    assert "Second" in page
    answer = client.post(at("work", event, work.uuid), WORK | {"title_kk": "Second", "revision": "1"})
    assert answer.status_code == 302


def test_only_who_plans_it_reads_it(there, client_of) -> None:
    here, event = there
    work = hung(here, event, "Canary", picture=picture_of(here.access()))
    set_loan(access=here.access(), event=event, work=work.uuid, lender="Canary")
    addresses = [at(name, event) for name in PAGES] + [at(name, event, work.uuid) for name in OF_WORK]
    addresses += [at("works_labels", event, "small"), at("works_catalogue_pdf", event, "kk")]
    for role in ("observer", "reviewer", "contributor"):
        client = client_of(here.user(role))
        assert {client.get(address).status_code for address in addresses} <= {403, 404}
    stranger = client_of(stage().user("coordinator"))
    assert {stranger.get(address).status_code for address in addresses} == {404}
    client = client_of(here.user())
    assert {client.get(address).status_code for address in addresses} == {200}


def test_an_event_that_is_no_exhibition_has_no_works(there, client_of) -> None:
    here, _event = there
    meeting = planned(here.access())
    client = client_of(here.user())
    assert client.get(at("works", meeting)).status_code == 404
    assert client.get(at("film", meeting)).status_code == 404
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert at("works", meeting) not in page
    assert at("film", meeting) not in page


def test_the_event_leads_to_its_works_and_says_what_is_missing(there, client_of) -> None:
    here, event = there
    client = client_of(here.user())
    assert at("works", event) in client.get(event.get_absolute_url()).content.decode()
    hung(here, event, "First", show_until=datetime.date(2026, 4, 1))
    work = hung(here, event, "Second", label={"ru": "x"}, difficult=True)
    set_loan(access=here.access(), event=event, work=work.uuid, lender="L")
    page = client.get(event.get_absolute_url()).content.decode()
    assert "1 work may not be shown until the exhibition ends." in page
    assert "1 loan has no return date." in page
    assert "Labels are missing in: Қазақша (1), English (1)." in page
    assert "nobody said where to rest and how to get help" in page
    with time_machine.travel("2026-03-04 09:00Z", tick=False):
        page = client_of(here.user()).get(event.get_absolute_url()).content.decode()
        assert "1 lent work has no condition report at arrival." in page


def test_it_takes_the_same_queries_for_one_and_for_three(there, client_of) -> None:
    here, event = there
    client = client_of(here.user())

    def lent(title: str) -> None:
        work = hung(here, event, title, picture=picture_of(here.access()))
        about = {"organisation": here.organisation(), "return_on": datetime.date(2026, 5, 1)}
        set_loan(access=here.access(), event=event, work=work.uuid, **about)

    lent("One")
    pages = [at("works", event), event.get_absolute_url(), at("works_labels", event, "small"), "/workspaces/"]
    for page in pages[:-1]:
        client.get(page)
    counts = []
    for _round in range(2):
        for page in pages[:-1]:
            with CaptureQueriesContext(connection) as found:
                client.get(page)
            counts.append(len(found))
        lent("Two")
        lent("Three")
    assert counts[: len(counts) // 2] == counts[len(counts) // 2 :]


@reads_pdf
def test_a_loan_is_noted_with_reports_photographs_and_papers(there, client_of, tmp_path) -> None:
    here, event = there
    work = hung(here, event, LETTERS)
    client = client_of(here.user())
    sent = {"lender": "Ә. Қыз", "phone": "+7 701", "currency": "KZT", "agreement": "sent", "value": "1500000"}
    sent |= {"from_on": "2026-03-01", "return_on": "2026-05-04"}
    assert client.post(at("work_loan", event, work.uuid), sent).status_code == 302
    assert Loan.objects.get().value == 150_000_000
    wrong = client.post(at("work_loan", event, work.uuid), sent | {"return_on": "2026-02-01", "note": "Kept"})
    assert wrong.status_code == 422
    assert "Kept" in wrong.content.decode()
    report = {"moment": "arrival", "seen_on": "2026-02-27", "seen_at": "12:00", "seen_by": "Reader"}
    report |= {"words": "#set text(red) $x$ is words", "handed_by": "Ә", "taken_by": "Қ"}
    photos = [SimpleUploadedFile("a.png", png()), SimpleUploadedFile("b.png", png("blue"))]
    answer = client.post(at("work_condition", event, work.uuid), report | {"photos": photos})
    assert answer.status_code == 302
    assert ConditionPhoto.objects.count() == 2
    page = client.get(at("work_loan", event, work.uuid)).content.decode()
    assert "1 500 000 tenge" in page.replace("\u00a0", " ")
    row = work.conditions.get()
    shown = client.get(at("work_photo", event, work.uuid, row.photos.first().uuid))
    assert shown["Content-Type"] == "image/jpeg"
    paper = text_of_pdf(client.get(at("work_agreement_pdf", event, work.uuid)).content, tmp_path)
    assert "Ә. Қыз" in paper
    assert "1 500 000 tenge" in paper.replace("\u00a0", " ")
    paper = text_of_pdf(client.get(at("work_condition_pdf", event, work.uuid, row.uuid)).content, tmp_path)
    assert "#set text(red)" in paper
    assert "Reader" in paper
    bad = [SimpleUploadedFile("a.png", b"no picture")]
    answer = client.post(
        at("work_condition", event, work.uuid), report | {"photos": bad, "words": "Kept words"}
    )
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    client.post(at("work_loan_end", event, work.uuid))
    assert not Loan.objects.exists()


def test_a_report_of_another_work_is_not_read_through_this_one(there, client_of) -> None:
    here, event = there
    one, two = hung(here, event, "One"), hung(here, event, "Two")
    report = report_condition(access=here.access(), event=event, work=one.uuid, **seen(), photos=[photo()])
    client = client_of(here.user())
    assert client.get(at("work_condition_pdf", event, two.uuid, report.uuid)).status_code == 404
    assert client.get(at("work_photo", event, two.uuid, report.photos.get().uuid)).status_code == 404


@reads_pdf
@pytest.mark.parametrize("size", ["small", "large"])
def test_labels_have_three_languages_every_kazakh_letter_and_no_secret(
    there, client_of, tmp_path, size
) -> None:
    here, event = there
    with_help(here, event)
    hung(
        here,
        event,
        LETTERS,
        label=in_three("#panic()"),
        maker="Canary",
        naming=MakerNaming.UNNAMED,
        difficult=True,
        content_note=in_three("Blood"),
    )
    answer = client_of(here.user()).get(at("works_labels", event, size))
    words = text_of_pdf(answer.content, tmp_path)
    for letter in LETTERS.replace(" ", ""):
        assert letter in words
    assert "Canary" not in words
    assert "#panic() kk" in words
    assert "#panic() ru" in words
    assert "Sofa in room 3 kk" in " ".join(words.split())
    if size == "large":
        boxes = pdf_text(tmp_path / "paper.pdf", "-bbox-layout")
        heights = [
            float(line.split('yMax="')[1].split('"')[0]) - float(line.split('yMin="')[1].split('"')[0])
            for line in boxes.splitlines()
            if "<word" in line
        ]
        assert min(heights) >= 18


@reads_pdf
def test_the_catalogue_has_no_picture_without_the_right(there, client_of, tmp_path) -> None:
    here, event = there
    with_help(here, event)
    picture = picture_of(here.access())

    def pictures(**given: object) -> int:
        Work.objects.all().delete()
        hung(here, event, LETTERS, picture=picture, maker="Canary", naming=MakerNaming.UNNAMED, **given)
        content = client_of(here.user()).get(at("works_catalogue_pdf", event, "kk")).content
        words = text_of_pdf(content, tmp_path)
        assert "Canary" not in words
        assert "Ә" in words
        return count_pdf_pictures(tmp_path / "paper.pdf")

    assert pictures(reproduction=Reproduction.CATALOGUE) == 1
    assert pictures(reproduction=Reproduction.NONE) == 0
    day = datetime.date(2026, 2, 26)
    assert pictures(reproduction=Reproduction.EVERYWHERE, reproduction_until=day) == 0
    assert pictures(reproduction=Reproduction.CATALOGUE, difficult=True) == 0
    Work.objects.update(show_agreed=False)
    assert client_of(here.user()).get(at("works_catalogue_pdf", event, "kk")).status_code == 404


@reads_pdf
def test_the_catalogue_keeps_an_address_that_is_for_the_confirmed(there, client_of, tmp_path) -> None:
    here, event = there
    with_help(here, event)
    hung(here, event)
    client = client_of(here.user())
    words = text_of_pdf(client.get(at("works_catalogue_pdf", event, "en")).content, tmp_path)
    assert "Abai 10, en" in words
    Event.objects.update(address_for_confirmed=True)
    words = text_of_pdf(client.get(at("works_catalogue_pdf", event, "en")).content, tmp_path)
    assert "Abai 10" not in words
    assert "Press club" not in words


def test_what_is_beside_is_written_and_the_site_is_opened_and_closed(there, client_of) -> None:
    here, event = there
    client = client_of(here.user())
    hung(here, event, difficult=True)
    client.post(at("works_catalogue", event), {"open": "1"})
    assert "say first where the quiet corner is" in client.get(at("works", event)).content.decode()
    client.post(at("works_around", event), {"quiet_corner_kk": "Бұрыш", "help_phone": "150"})
    client.post(at("works_catalogue", event), {"open": "1"})
    assert Exhibition.objects.get().opened_at
    client.post(at("works_catalogue", event), {"open": "0"})
    assert Exhibition.objects.get().opened_at is None


def test_a_cancelled_exhibition_is_read_and_not_changed(there, client_of) -> None:
    here, event = there
    hung(here, event)
    cancel_event(access=here.access("coordinator"), event=event)
    client = client_of(here.user())
    assert client.get(at("works", event)).status_code == 200
    assert client.post(at("work_add", event), WORK).status_code == 422


def test_the_desk_says_what_goes_back(there, client_of) -> None:
    here, event = there
    work = hung(here, event, "Tapestry")
    about = {"lender": "Canary", "return_on": datetime.date(2026, 3, 5)}
    set_loan(access=here.access(), event=event, work=work.uuid, **about)
    page = client_of(here.user()).get("/workspaces/").content.decode()
    assert "Goes back: Tapestry en" in page
    assert "Canary" not in page
    assert "Tapestry" not in client_of(here.user("reviewer")).get("/workspaces/").content.decode()


def test_a_film_is_noted_and_what_is_missing_is_said(client_of) -> None:
    here = stage()
    event = planned(here.access(), kind=EventKind.SCREENING)
    client = client_of(here.user())
    page = client.get(event.get_absolute_url()).content.decode()
    assert "It is not noted which film is shown." in page
    assert client.post(at("film", event), {"title_kk": "", "maker": "Kept"}).status_code == 422
    sent = {"title_kk": "Ауысым", "minutes": "74", "sound": ["kk", "ru"], "age": "12+"}
    assert client.post(at("film", event), sent).status_code == 302
    assert Screening.objects.get().sound == ["kk", "ru"]
    page = client.get(event.get_absolute_url()).content.decode()
    for words in ("rights to show the film do not cover", "no certificate number", "supports people during"):
        assert words in page
    assert "no age mark" not in page
    sent |= {"certificate": "KZ 1", "rights_until": "2026-03-03", "support": "S", "showings": "2"}
    client.post(at("film", event), sent)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "The film has" not in page
    assert "rights to show" not in page
    assert client_of(here.user("reviewer")).get(at("film", event)).status_code == 403


def test_a_film_that_is_shown_more_often_than_its_rights_allow_is_said(client_of) -> None:
    here = stage()
    weekly = RecurrenceRule(Frequency.WEEKLY, until=datetime.date(2026, 3, 17))  # three times
    event = planned(here.access(), kind=EventKind.SCREENING, rule=weekly)
    client = client_of(here.user())
    sent = {"title_kk": "Ауысым", "rights_until": "2026-12-31"}
    for showings, told in (("2", True), ("3", False), ("", False)):
        client.post(at("film", event), sent | {"showings": showings})
        page = client.get(event.get_absolute_url()).content.decode()
        assert ("more often than its rights allow" in page) is told
