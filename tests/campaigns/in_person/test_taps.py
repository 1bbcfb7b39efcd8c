"""What phones count: running totals that nothing doubles."""

import datetime
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

from coalition.campaigns.appeals.actions.manage import close_appeal
from coalition.campaigns.in_person import taking
from coalition.campaigns.in_person.actions import taps as taps_module
from coalition.campaigns.in_person.models import Table, TableDevice
from coalition.campaigns.in_person.queries import table_totals
from coalition.core.clock import now
from coalition.core.errors import Refused
from tests.campaigns.in_person.builders import opened, prepared, table_stage, tap

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def taps_of(table: Table) -> int:
    return table_totals([table.pk])[table.pk].taps


def test_a_report_sent_again_late_or_out_of_order_doubles_nothing() -> None:
    made, version = table_stage()
    table, phone = opened(made, version), uuid4()
    for sequence, taps in [(400, 400), (1002, 1000), (400, 400), (1002, 1000), (700, 700)]:
        known = tap(table, sequence, taps, phone)
    assert (known.sequence, known.taps) == (1002, 1000)
    assert taps_of(table) == 1000
    assert TableDevice.objects.count() == 1


def test_the_same_sequence_with_another_number_is_refused_and_the_next_press_is_taken() -> None:
    made, version = table_stage()
    table, phone = opened(made, version), uuid4()
    tap(table, 5, 5, phone)
    with pytest.raises(Refused, match="another number of this phone: 5"):
        tap(table, 5, 3, phone)
    assert taps_of(table) == 5
    assert tap(table, 6, 4, phone).taps == 4


def test_corrections_lower_the_total_and_two_phones_add_up() -> None:
    made, version = table_stage()
    table, phone = opened(made, version), uuid4()
    tap(table, 3, 3, phone)
    tap(table, 4, 2, phone)
    tap(table, 8, 8)
    assert taps_of(table) == 10


@pytest.mark.parametrize(
    ("sequence", "taps"), [(0, 0), (-1, 0), (5, -1), (5, 6), (10**9, 3), (30_000, 20_001), (2, 10**12)]
)
def test_numbers_that_cannot_be_change_nothing(sequence, taps) -> None:
    made, version = table_stage()
    table = opened(made, version)
    with pytest.raises(Refused, match="cannot be"):
        tap(table, sequence, taps)
    assert not TableDevice.objects.exists()


def test_a_table_that_was_not_opened_takes_no_taps() -> None:
    made, version = table_stage()
    with pytest.raises(Refused, match="not open"):
        tap(prepared(made, version), 1, 1)


def test_too_many_phones_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(taps_module, "MOST_DEVICES", 2)
    made, version = table_stage()
    table = opened(made, version)
    phone = tap(table, 1, 1).device
    tap(table, 1, 1)
    with pytest.raises(Refused, match="Too many phones"):
        tap(table, 1, 1)
    assert tap(table, 2, 2, phone).taps == 2


def test_taps_that_arrive_after_the_closing_are_taken_for_three_days_and_marked() -> None:
    made, version = table_stage()
    table, phone = opened(made, version), uuid4()
    tap(table, 3, 3, phone)
    Table.objects.filter(pk=table.pk).update(closed_at=now() - 71 * HOUR)
    assert tap(table, 10, 10, phone).late_taps == 7
    assert table_totals([table.pk])[table.pk].late == 7
    assert tap(table, 15, 5, phone).late_taps == 5, "never more than all"
    Table.objects.filter(pk=table.pk).update(closed_at=now() - 73 * HOUR)
    assert tap(table, 15, 5, phone).taps == 5, "what is known already is answered, so that the phone knows"
    with pytest.raises(Refused, match="72 hours"):
        tap(table, 16, 6, phone)


def test_a_table_counted_by_two_takes_no_taps_any_more(monkeypatch) -> None:
    made, version = table_stage()
    table, phone = opened(made, version), uuid4()
    tap(table, 3, 3, phone)
    Table.objects.filter(pk=table.pk).update(closed_at=now())
    monkeypatch.setattr(taking, "is_settled", lambda _table: True)
    assert tap(table, 3, 3, phone).taps == 3
    with pytest.raises(Refused, match="counted by two"):
        tap(table, 4, 4, phone)
    assert taps_of(table) == 3


def test_taps_of_a_table_that_nobody_closed_are_taken_until_three_days_after_its_end() -> None:
    made, version = table_stage()
    table = opened(made, version)
    today = localdate(now())
    Table.objects.filter(pk=table.pk).update(day=today - datetime.timedelta(days=3))
    assert tap(table, 2, 2).late_taps == 2
    Table.objects.filter(pk=table.pk).update(day=today - datetime.timedelta(days=6))
    with pytest.raises(Refused, match="72 hours"):
        tap(table, 2, 2)


def test_taps_that_arrive_once_the_appeal_is_closed_are_marked() -> None:
    made, version = table_stage()
    table = opened(made, version)
    close_appeal(access=made.access, appeal=version.appeal)
    assert tap(table, 2, 2).late_taps == 2
