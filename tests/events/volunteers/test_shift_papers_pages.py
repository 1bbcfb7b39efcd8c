"""Shifts on paper: the certificate, and the plan with phones for who prepares it alone."""

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import Listing
from events.models import Shift
from events.volunteers.actions.shifts import set_shift_plan
from events.volunteers.actions.sign_up import set_attendance, shift_link_token
from events.volunteers.notifications import VOLUNTEERS
from tests.events.planning.builders import exhibition, stage
from tests.events.volunteers.builders import helps, linked, shift
from tests.poppler import pdf_fonts, pdf_text, reads_pdf

pytestmark = pytest.mark.django_db
LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі"


@pytest.fixture(autouse=True)
def _before():
    cache.clear()
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return exhibition(here.access("coordinator"))


@pytest.fixture
def one(here, event):
    return shift(here.access(), event)


@pytest.fixture
def link(here, event):
    return linked(here.access(), event)


def page_of(link, language: str = "en", name: str = "shift_sign_up") -> str:
    with override(language):
        return reverse(name, args=[shift_link_token(link)])


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def sent(*shifts: Shift, **more: object) -> dict[str, object]:
    said = {
        "shifts": [str(one.uuid) for one in shifts],
        "name": "Әсел Нұрқызы",
        "address": "asel@help.example",
        "phone": "+7 701 000 00 00",
        "language": "kk",
    }
    return {**said, **more}


def words_of(content: bytes, path) -> str:
    path.write_bytes(content)
    assert {font.partition("-")[0] for font in pdf_fonts(path)} == {"Onest"}
    return pdf_text(path, "-layout")


@reads_pdf
def test_the_certificate_counts_the_hours_that_somebody_saw(client, here, event, one, link, tmp_path) -> None:
    who = helps(link, LETTERS, one, address="a@help.example", language="kk")
    path = reverse("shift_certificate", args=[VOLUNTEERS.path(who).split("/")[2]])
    assert client.get(path).status_code == 404
    with time_machine.travel("2026-03-10 07:00Z", tick=False):
        set_attendance(access=here.access(), assignment=who.assignments.get(), came=True)
    answer = client.get(path)
    assert answer["Cache-Control"] == "no-store, private"
    words = words_of(answer.content, tmp_path / "certificate.pdf")
    for letter in LETTERS.replace(" ", ""):
        assert letter in words
    assert "Залда тұру" in words
    assert here.organisation("coordinator").name_kk in words


@reads_pdf
def test_an_organisation_that_is_not_named_is_not_on_the_certificate(
    client, here, event, one, link, tmp_path
):
    organisation = here.organisation("coordinator")
    organisation.listing = Listing.WITHHELD
    organisation.save()
    who = helps(link, "Anna", one)
    with time_machine.travel("2026-03-10 07:00Z", tick=False):
        set_attendance(access=here.access(), assignment=who.assignments.get(), came=True)
    answer = client.get(reverse("shift_certificate", args=[VOLUNTEERS.path(who).split("/")[2]]))
    words = words_of(answer.content, tmp_path / "certificate.pdf")
    assert organisation.name_en not in words
    assert "withheld" in words


@reads_pdf
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_plan_on_paper_has_phones_for_who_prepares_alone(
    client_of, here, event, one, link, tmp_path, language
) -> None:
    set_shift_plan(access=here.access(), event=event, brief={}, caller_name="Aru", caller_phone="+7 777 123")
    helps(link, LETTERS, one, address="a@help.example", phone="+7 701 555")
    for who, told in (("editor", True), ("reviewer", False)):
        user = here.user(who)
        user.language = language
        user.save()
        words = words_of(client_of(user).get(at("shifts_pdf", event)).content, tmp_path / "plan.pdf")
        assert ("555" in words) == told
        assert ("777 123" in words) == told
        assert "11:00–15:00" in words
        for letter in LETTERS.replace(" ", ""):
            assert letter in words
    assert client_of(here.user("observer")).get(at("shifts_pdf", event)).status_code == 403
