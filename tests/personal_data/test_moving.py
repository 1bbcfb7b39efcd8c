"""What is there already goes into a database of its own, and comes back, whenever it is stopped."""

import datetime
import io
from collections.abc import Iterable
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from coalition.personal_data import move, store
from coalition.personal_data.models import Held
from coalition.personal_data.orphans import sweep_orphans
from coalition.personal_data.store import ContactsAway
from home.models import NewsByMail
from tests.personal_data.apart import away, column, kept, main_database, second_database
from tests.personal_data.test_fields import OTHER, WORD, reader

pytestmark = pytest.mark.django_db(transaction=True)


def said(*words: str, **options: object) -> str:
    out = io.StringIO()
    call_command("contacts_database", *words, stdout=out, **options)
    return out.getvalue()


def people() -> None:
    for number in range(3):
        reader(number=number)
    common = {"template": "t", "language": "en", "context": {"who": OTHER}, "next_try_at": now()}
    OutboxMail.objects.create(key="to", address=OTHER, created_at=now(), **common)
    OutboxMail.objects.create(key="member", created_at=now(), **common)


def told() -> set[object]:
    mails = {(one.address, one.context["who"]) for one in OutboxMail.objects.all()}
    return mails | {(one.address, one.token) for one in NewsByMail.objects.all()}


def test_there_and_back(tmp_path: Path) -> None:
    people()
    before = told()
    with second_database(tmp_path):
        assert "home.NewsByMail.address: 3\n" in said("move")
        assert WORD not in main_database()
        assert column(OutboxMail.objects.get(key="member"), "context").startswith("gAAAA")
        assert told() == before
        assert said("move") == "0 values moved into the contacts' database.\n"
        assert "home.NewsByMail.token: 3 there, 0 still here, 0 lost, 0 loose\n" in said("look")
        assert "8 values taken back into the main database" in said("back")
        assert told() == before
    assert told() == before
    assert column(NewsByMail.objects.first(), "address").startswith("gAAAA")


def test_stopped_in_the_middle_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people()
    before, put, calls = told(), store.store_values, []

    def until_the_fourth(values: Iterable[tuple[str, str]]) -> list[str]:
        calls.append(1)
        if len(calls) == 4:
            raise ContactsAway
        return put(values)

    with second_database(tmp_path):
        monkeypatch.setattr(move, "AT_A_TIME", 1)
        monkeypatch.setattr(store, "store_values", until_the_fourth)
        with pytest.raises(CommandError, match="cannot be reached"):
            said("move")
        assert told() == before
        assert len(kept()) == 3
        assert "5 values moved" in said("move")
        assert told() == before


def test_what_changes_meanwhile_keeps_the_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader()
    put = store.store_values

    def and_somebody_writes(values: Iterable[tuple[str, str]]) -> list[str]:
        monkeypatch.setattr(store, "store_values", put)
        row = NewsByMail.objects.get()
        row.address = OTHER
        row.save()
        return put(values)

    with second_database(tmp_path):
        monkeypatch.setattr(store, "store_values", and_somebody_writes)
        said("move")
        assert NewsByMail.objects.get().address == OTHER
        assert WORD not in kept().values()


def test_away_nothing_moves(apart: None) -> None:
    reader()
    with away(), pytest.raises(CommandError, match="cannot be reached"):
        said("back")
    assert NewsByMail.objects.get().address == WORD


def test_after_the_second_database_was_deleted(apart: None, monkeypatch: pytest.MonkeyPatch) -> None:
    reader()
    Held.objects.all().delete()
    with pytest.raises(CommandError, match="2 values are in neither database"):
        said("look")
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        said("empty-lost")
    assert "2 values emptied" in said("empty-lost", yes=True)
    assert column(NewsByMail.objects.get(), "address") == ""
    assert "Every key leads to its value" in said("look")


def foreign(field: str = "home.NewsByMail.address") -> None:
    """Values of another coalition, or of rows that came later than the backup that was restored."""
    Held.objects.bulk_create(
        Held(key=f"held:{number}", field=field, sealed="x", written_at="2020-01-01T00:00Z")
        for number in range(60)
    )


def test_another_coalitions_values_are_not_swept(apart: None) -> None:
    reader()
    foreign()
    Held.objects.update(written_at="2020-01-01T00:00Z")
    with pytest.raises(CommandError, match="Nothing was deleted"):
        said("sweep")
    assert Held.objects.count() == 62
    assert sweep_orphans(really=True) == 0  # noted now, deleted an hour later
    assert Held.objects.exclude(loose_since=None).count() == 60
    with time_machine.travel(now() + datetime.timedelta(hours=2)):
        assert sweep_orphans() == 60  # it was said once that they may go


@pytest.mark.parametrize("field", ["home.NewsByMail.address", "home.NewsByMail.token"])
def test_emptying_many_rows_deletes_no_other_coalitions_values(
    apart: None, caplog: pytest.LogCaptureFixture, field: str
) -> None:
    """A rehearsal, or a main database from an old backup, forgets each night as every other one."""
    with time_machine.travel(now() - datetime.timedelta(days=1)):
        reader()
    foreign(field)
    NewsByMail.objects.update(address="")
    with time_machine.travel(now() + datetime.timedelta(minutes=2)):
        scheduler.run_due(worker="test")
    assert Held.objects.count() == 62
    assert "Nothing was deleted" in caplog.text


def test_who_found_a_row_before_it_came_back_loses_nothing(apart: None) -> None:
    reader()
    late = NewsByMail.objects.get()
    said("back")
    late.topics = ["health"]
    late.save()  # whole, with the key that it found
    assert NewsByMail.objects.get().address == WORD
    assert "2 values taken back" in said("back")
    assert column(NewsByMail.objects.get(), "address").startswith("gAAAA")
    with time_machine.travel(now() + datetime.timedelta(hours=2)):
        assert "0 values are left" in said("back")
    assert not Held.objects.exists()
    assert NewsByMail.objects.get().address == WORD


def test_many_that_came_back_are_swept_without_being_asked_for(apart: None) -> None:
    for number in range(26):
        reader(number=number)
    assert "52 values are left" in said("back")
    with time_machine.travel(now() + datetime.timedelta(hours=2)):
        assert sweep_orphans() == 52
