"""Square pictures on paper are read by the decoder that our phones use, from the page as it is printed."""

import pytest
import time_machine

from events.core.pdf.typeset import address_of_code
from events.core.printed_codes import code_for
from events.exhibitions.guest_book.actions import CODE_KIND as GUEST_BOOK
from events.exhibitions.guest_book.presenters import guest_code_pdf
from events.exhibitions.works.actions import CODE_KIND
from events.exhibitions.works.presenters import labels_pdf
from tests.events.exhibitions.works.builders import hung, show
from tests.square_codes import read_from

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        yield


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_label_leads_to_its_work(tmp_path, size) -> None:
    here, event = show()
    work = hung(here, event, label={"kk": "Қабырғадағы жазба"})
    pdf = labels_pdf(event=event, works=[work], size=size)
    assert read_from(pdf, tmp_path) == address_of_code(code_for(CODE_KIND, work.uuid))


def test_the_sheet_on_the_wall_leads_to_the_guest_book(tmp_path) -> None:
    _here, event = show()
    code = code_for(GUEST_BOOK, event.uuid)
    assert read_from(guest_code_pdf(event=event, code=code), tmp_path) == address_of_code(code)
