"""A printed card is read by the decoder that our phones use, from the page as it is printed."""

import pytest

from coalition.campaigns.referrals.files import card_pdf
from events.core.pdf.typeset import address_in_capitals
from tests.campaigns.referrals.test_referral_codes import make
from tests.events.planning.builders import stage
from tests.square_codes import read_from

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_the_card_leads_to_its_code(action, tmp_path, settings) -> None:
    settings.SITE_URL = "https://coalition.example"
    code = make(stage().access("contributor"))
    assert read_from(card_pdf(code), tmp_path) == address_in_capitals(code.code)
