"""What the database itself does not allow."""

import pytest
from django.db import IntegrityError

from tests.campaigns.appeals.factories import SupportFactory, open_appeal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def test_one_mailbox_has_one_confirmed_row_whatever_its_state() -> None:
    version = open_appeal()
    SupportFactory(version=version, mailbox="a.ru@gmail.com", state="held")
    SupportFactory(version=version, mailbox="aru+1@googlemail.com", state="unconfirmed")
    with pytest.raises(IntegrityError):
        SupportFactory(version=version, mailbox="aru+1@googlemail.com", state="counted")


def test_rows_of_people_who_withdrew_do_not_meet() -> None:
    version = open_appeal()
    rows = [SupportFactory(version=version, address_print="", state="withdrawn") for _row in "12"]
    assert len({row.token_hash for row in rows}) == 2


def test_the_random_part_of_a_support_holds_no_moment() -> None:
    assert SupportFactory(version=open_appeal()).uuid.version == 4
