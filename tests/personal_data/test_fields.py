"""Where a second database is, rows hold keys and it holds what is known of people."""

import datetime
import hashlib

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from coalition.personal_data import store
from coalition.personal_data.orphans import sweep_orphans
from coalition.personal_data.store import ALIAS, ContactsAway
from home.models import NewsByMail
from tests.personal_data.apart import away, column, kept

WORD, OTHER = "kanarienvogel@tests.example", "zeisig@tests.example"


def print_of(address: str, number: int = 0) -> str:
    return hashlib.sha256(f"{address}{number}".encode()).hexdigest()


def reader(address: str = WORD, number: int = 0) -> NewsByMail:
    return NewsByMail.objects.create(
        address=address,
        address_print=print_of(address, number),
        language="en",
        token=f"token{number}",
        token_hash=print_of(address, number),
        written_at=now(),
        day=localdate(now()),
    )


@pytest.mark.django_db
def test_without_a_second_database_nothing_changes() -> None:
    row = reader()
    assert column(row, "address").startswith("gAAAA")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert [one.address for one in NewsByMail.objects.all()] == [WORD]
    assert len(asked) == 1


def test_the_row_holds_a_key_and_the_value_lies_there(apart: None) -> None:
    row = reader()
    assert row.address == WORD
    assert NewsByMail.objects.get().address == WORD
    assert kept()[column(row, "address")] == WORD
    assert set(kept().values()) == {WORD, "token0"}


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_one_query_more_however_long(apart: None, count: int) -> None:
    for number in range(count):
        reader(number=number)
    with CaptureQueriesContext(connection) as here, CaptureQueriesContext(connections[ALIAS]) as there:
        told = [(one.address, one.token) for one in NewsByMail.objects.order_by("pk")]
    assert told == [(WORD, f"token{number}") for number in range(count)]
    assert (len(here), len(there)) == (1, 1)


def test_who_does_not_ask_for_it_pays_nothing(apart: None) -> None:
    reader()
    with CaptureQueriesContext(connections[ALIAS]) as there:
        row = NewsByMail.objects.get()
        row.topics = ["health"]
        row.save()
    assert not len(there)
    assert NewsByMail.objects.get().address == WORD


def test_another_value_gets_another_key_and_the_old_one_goes_with_the_sweep(apart: None) -> None:
    reader()
    row, late = NewsByMail.objects.get(), NewsByMail.objects.get()
    before = column(row, "address")
    row.address = OTHER
    row.save()
    assert column(row, "address") != before
    assert late.address == WORD  # who found the row before still reads what stood in it
    with time_machine.travel(now() + datetime.timedelta(hours=2)):
        assert sweep_orphans() == 0
    with time_machine.travel(now() + datetime.timedelta(hours=4)):
        assert sweep_orphans() == 1
    assert set(kept().values()) == {OTHER, "token0"}


def test_what_is_emptied_goes_after_the_commit(apart: None) -> None:
    reader()
    with transaction.atomic():
        row = NewsByMail.objects.get()
        row.address = ""
        row.save()
        assert WORD in kept().values()
    assert set(kept().values()) == {"token0"}
    row = NewsByMail.objects.get()
    assert row.address == ""
    row.token = ""
    row.save()
    assert not kept()


def test_rows_emptied_many_at_a_time_lose_their_values_too(apart: None) -> None:
    with time_machine.travel(now() - datetime.timedelta(days=1)):
        reader()
    reader(OTHER)
    NewsByMail.objects.filter(address_print=print_of(WORD)).update(address="")
    assert WORD in kept().values()
    with time_machine.travel(now() + datetime.timedelta(minutes=2)):
        scheduler.run_due(worker="test")
    assert sorted(one.address for one in NewsByMail.objects.all()) == ["", OTHER]
    assert WORD not in kept().values()
    assert OTHER in kept().values()


def test_one_value_for_many_rows_is_refused(apart: None) -> None:
    reader()
    with pytest.raises(TypeError, match="one by one"):
        NewsByMail.objects.update(address=OTHER)
    assert NewsByMail.objects.get().address == WORD


def test_a_deleted_row_takes_its_values_along(apart: None) -> None:
    reader()
    reader(OTHER)
    with transaction.atomic():
        NewsByMail.objects.filter(address_print=print_of(WORD)).delete()
        assert WORD in kept().values()
    assert set(kept().values()) == {OTHER, "token0"}


def test_what_is_taken_back_leaves_a_value_without_a_row_for_the_sweep(apart: None) -> None:
    with transaction.atomic():
        reader()
        transaction.set_rollback(True)
    assert not NewsByMail.objects.exists()
    assert len(kept()) == 2
    for hours in (2, 4):
        with time_machine.travel(now() + datetime.timedelta(hours=hours)):
            swept = sweep_orphans()
    assert swept == 2
    assert not kept()


def test_a_deletion_that_is_taken_back_loses_nothing(apart: None) -> None:
    reader()
    with transaction.atomic():
        NewsByMail.objects.all().delete()
        transaction.set_rollback(True)
    assert NewsByMail.objects.get().address == WORD


def test_a_copy_of_a_row_has_values_of_its_own(apart: None) -> None:
    row = reader()
    copied = NewsByMail.objects.get()
    copied.pk, copied.uuid, copied.token_hash, copied.language = None, None, "other", "kk"
    copied.uuid = row.uuid.__class__(int=1)
    copied._state.adding = True
    copied.save()
    row.delete()
    assert NewsByMail.objects.get().address == WORD


def test_away_it_is_said_in_words_and_nothing_is_half_written(apart: None) -> None:
    reader()
    with away():
        with pytest.raises(ContactsAway, match="Nothing was changed"):
            _ = NewsByMail.objects.get().address
        with pytest.raises(ContactsAway):
            reader(OTHER)
    assert NewsByMail.objects.get().address == WORD
    assert len(kept()) == 2


def test_a_hanging_database_is_not_asked_again_at_once(apart: None, monkeypatch: pytest.MonkeyPatch) -> None:
    reader()
    monkeypatch.setattr(store._circuit_breaker, "seconds", 60.0)
    with away(), pytest.raises(ContactsAway):
        _ = NewsByMail.objects.get().address
    with pytest.raises(ContactsAway):
        _ = NewsByMail.objects.get().address
    monkeypatch.setattr(store._circuit_breaker, "_until", 0.0)
    assert NewsByMail.objects.get().address == WORD


def test_a_line_that_broke_is_opened_again(apart: None) -> None:
    reader()
    connections[ALIAS].connection.close()
    assert NewsByMail.objects.get().address == WORD


def test_a_lost_value_reads_as_empty_and_the_row_can_be_kept(apart: None, caplog) -> None:
    row = reader()
    key = column(row, "address")
    store.drop_values([key])
    row = NewsByMail.objects.get()
    assert row.address == ""
    row.save()
    assert column(row, "address") == key
    assert "1 values are not in the contacts' database" in caplog.text


def test_mail_to_members_does_not_need_it(apart: None) -> None:
    with away():
        mail = OutboxMail.objects.create(
            key="k", template="t", language="en", context={"a": 1}, next_try_at=now(), created_at=now()
        )
    assert column(mail, "context").startswith("gAAAA")
    mail.address = WORD
    mail.save()
    found = OutboxMail.objects.get()
    assert (found.address, found.context) == (WORD, {"a": 1})
    assert column(mail, "context").startswith(store.PREFIX)
    found.context["a"] = 2
    found.save()
    assert OutboxMail.objects.get().context == {"a": 2}


def test_what_was_new_when_it_was_emptied_goes_an_hour_later(apart: None) -> None:
    reader()
    NewsByMail.objects.update(address="")
    with time_machine.travel(now() + datetime.timedelta(minutes=2)):
        scheduler.run_due(worker="test")
    assert WORD in kept().values()  # of a transaction that may still be open
    with time_machine.travel(now() + datetime.timedelta(minutes=70)):
        scheduler.run_due(worker="test")
    assert set(kept().values()) == {"token0"}
    with time_machine.travel(now() + datetime.timedelta(hours=4)):
        assert scheduler.run_due(worker="test") == 0  # nothing is left to come back for
