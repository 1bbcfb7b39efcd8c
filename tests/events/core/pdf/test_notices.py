"""What paper says of an event that was cancelled or moved: every document of an event, on every page."""

import pytest
from django.utils.translation import override

from events.core.actions.plan import cancel_event, move_event
from events.core.actions.times import EventTextInput
from events.core.pdf.typeset import HERE, change_notice, code_svg, typeset
from tests.events.planning.builders import planner_of, press_conference, times_from
from tests.poppler import pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
COMMON = {"page.typ", "paper.typ"}


@pytest.fixture
def event():
    return press_conference()  # on 3 March 2026 at 11:00


def moved_to(event, begins: str, ends: str):
    times = times_from(f"2026-03-03 {begins}", f"2026-03-03 {ends}")
    return move_event(access=planner_of(event), event=event, times=times)


def later(event):
    return moved_to(event, "12:30", "13:30")


def draw(template: str, data: dict, event) -> bytes:
    return typeset(template, data, {"a.svg": code_svg("a")}, event=event)


def test_an_event_that_takes_place_as_it_was_told_has_no_notice(event):
    assert change_notice(event) == ""


def test_a_moved_event_says_when_it_was_and_when_it_is_now(event):
    assert change_notice(later(event)) == "Moved: was 3 March, 11:00, now 3 March, 12:30"


def test_an_event_that_was_moved_back_has_no_notice(event):
    assert change_notice(moved_to(later(event), "11:00", "12:00")) == ""


def test_an_event_at_another_place_says_so(event):
    elsewhere = {"en": EventTextInput(title="Press conference", place="Hall 2", address="Dostyq 5")}
    moved = move_event(access=planner_of(event), event=event, texts=elsewhere)
    assert change_notice(moved) == "Moved to another place"


def test_a_cancelled_event_says_so_in_the_active_language_also_if_it_was_moved_before(event):
    cancelled = cancel_event(access=planner_of(event), event=later(event))
    assert change_notice(cancelled) == "Cancelled"
    with override("kk"):
        assert change_notice(cancelled) == "Болмайды"


@reads_pdf
@pytest.mark.parametrize("template", sorted({path.name for path in HERE.glob("*.typ")} - COMMON))
def test_every_document_of_an_event_shows_its_notice(event, template, tmp_path):
    cancelled = cancel_event(access=planner_of(event), event=event)
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(draw(template, PLAIN, cancelled))
    assert "Cancelled" in pdf_text(pdf)
    pdf.write_bytes(draw(template, PLAIN, None))
    assert "Cancelled" not in pdf_text(pdf)


@reads_pdf
def test_the_notice_stands_on_every_page_in_each_language_of_the_paper(event, tmp_path):
    cancelled = cancel_event(access=planner_of(event), event=event)
    pdf = tmp_path / "paper.pdf"
    rows = [{"language": "ru", "words": "Слово " * 200, "name": "", "day": "", "kept": ""}] * 12
    pdf.write_bytes(draw("guest_book.typ", {**PLAIN, "language": "ru", "rows": rows}, cancelled))
    pages = pdf_text(pdf).split("\f")[:-1]
    assert len(pages) > 2
    assert all("Отменено" in page for page in pages)
    pdf.write_bytes(draw("labels.typ", {"title": "A", "size": "small", "labels": []}, cancelled))
    words = pdf_text(pdf)
    assert all(word in words for word in ("Болмайды", "Отменено", "Cancelled"))


PLAIN = {
    "language": "en",
    "title": "Title",
    "heading": "Heading",
    "foot": "Foot",
    "columns": ["A", "B", "C", "D", "E"],
    "rows": [],
    "outdated": "",
    "empty": "Nothing",
    "days": [],
    "caller": "",
    "details": [],
    "note": "",
    "parts": [],
    "say": "Say",
    "words": "Words",
    "outcomes": [],
    "exhibition": "Exhibition",
    "terms": [],
    "hands": [["Name", "Name"]],
    "condition": "Condition",
    "photos": [],
    "when": "When",
    "place": "Place",
    "text": "Text",
    "beside": [],
    "works": [],
    "name": "Name",
    "sentence": "Sentence",
    "hours": "1",
    "by_label": "By",
    "by": "By",
    "sign_label": "Sign",
    "date": "Today",
    "day": "Today",
    "badges": [{"name": "Name", "outlet": "Outlet", "role": "Press"}],
    "size": "large",
    "labels": [],
    "languages": [{"language": "en", "title": "Title", "words": "Words", "event": "Event"}],
    "code": "a",
    "address": "Address",
}
