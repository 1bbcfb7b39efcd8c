"""Many at one moment: one code counts once, one phone's report counts once."""

from contextlib import suppress
from uuid import uuid4

import pytest

from coalition.campaigns.in_person.actions.codes import use_code
from coalition.campaigns.in_person.actions.opening import open_table
from coalition.campaigns.in_person.models import TableDevice
from coalition.campaigns.in_person.queries import table_totals
from coalition.core.errors import Refused
from tests.campaigns.in_person.builders import code_for, opened, prepared, table_stage, tap
from tests.documents.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_pages")]


def test_a_code_pressed_twenty_times_at_once_counts_once() -> None:
    made, version = table_stage()
    table = opened(made, version)
    codes = [code_for(table) for _number in range(3)]

    def press(code: str) -> None:
        with suppress(Refused):
            use_code(code=code, version=str(version.uuid))

    at_once(*[lambda code=code: press(code) for code in codes for _time in range(7)])
    assert table_totals([table.pk])[table.pk].codes == 3


def test_one_report_that_arrives_many_times_at_once_counts_once() -> None:
    made, version = table_stage()
    table, phone = opened(made, version), uuid4()
    at_once(*[lambda taps=taps: tap(table, taps, taps, phone) for taps in (400, 1000, 700, 1000, 1000, 3)])
    assert TableDevice.objects.count() == 1
    assert table_totals([table.pk])[table.pk].taps == 1000


def test_a_table_opened_on_many_phones_at_once_opens_once() -> None:
    made, version = table_stage()
    table = prepared(made, version)
    seen = []
    at_once(*[lambda: seen.append(open_table(table=table).opened_at)] * 8)
    assert len(set(seen)) == 1
