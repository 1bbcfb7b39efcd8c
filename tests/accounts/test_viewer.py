"""Who looks is whose organisations they are, however it is found whom they have met."""

import pytest

from coalition.accounts.naming import viewer_for
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_two_viewers_of_one_person_are_equal_and_show_no_function():
    person = MembershipFactory().person
    viewers = {viewer_for(person), viewer_for(person), viewer_for(person, met_later=True)}
    assert len(viewers) == 1
    assert "function" not in repr(viewers)
    assert viewer_for(MembershipFactory().person) not in viewers
