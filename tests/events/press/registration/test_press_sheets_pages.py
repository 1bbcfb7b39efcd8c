"""Journalists on paper as PDF: the list and the badges, with every letter, for who may see journalists."""

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from events.press.registration.actions import open_to_press
from tests.events.planning.builders import announced, stage
from tests.events.press.registration.check_in.builders import comes
from tests.poppler import pdf_fonts, pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"


@pytest.fixture(autouse=True)
def _two_days_before():
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@reads_pdf
@pytest.mark.parametrize(("name", "pages"), [("press_list_pdf", 1), ("press_badges_pdf", 2)])
def test_nine_journalists_on_paper_with_every_letter(client_of, tmp_path, name, pages) -> None:
    here = stage()
    event = announced(here.access("coordinator"), title="Шара #set text(red)")
    registration = open_to_press(access=here.access(), event=event, places=20, per_outlet=20)
    for number in range(8):
        comes(registration, f"guest{number}")
    last = comes(registration, "last")
    last.name, last.outlet = LETTERS, "*Дала* $x$ FM"
    last.save(update_fields=["name", "outlet"])
    user = here.user()
    user.language = "kk"
    user.save(update_fields=["language"])
    answer = client_of(user).get(reverse(f"events:{name}", args=[event.uuid]))
    assert answer["Content-Type"] == "application/pdf"
    path = tmp_path / "sheet.pdf"
    path.write_bytes(answer.content)
    words = pdf_text(path, "-layout")
    assert words.count("\f") == pages
    for letter in LETTERS.replace(" ", ""):
        assert letter in words
    assert "*Дала* $x$ FM" in words
    assert "guest7 TV" in words
    assert {font.partition("-")[0] for font in pdf_fonts(path)} == {"Onest"}
