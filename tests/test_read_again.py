"""What was read is asked again, and every difference is seen."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from coalition import read_again
from coalition.accounts.models import Organisation
from coalition.personal_data.apart import ALIAS
from coalition.personal_data.models import Held
from coalition.read_again import reading
from tests.factories import OrganisationFactory
from tests.personal_data.apart import second_database

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return list(Organisation.objects.order_by("pk").values_list("name_en", flat=True))


def test_the_same_rows_are_the_same_and_every_change_is_seen():
    one = OrganisationFactory(name_en="One")
    with reading() as read:
        assert names() == ["One"]
    assert read.whole
    assert read.would_be_the_same()
    assert read.would_be_the_same()
    two = OrganisationFactory(name_en="Two")
    assert not read.would_be_the_same()
    two.delete()
    assert read.would_be_the_same()
    one.name_en = "Another"
    one.save()
    assert not read.would_be_the_same()


def test_what_is_read_inside_is_what_django_reads():
    made = [OrganisationFactory(name_en=f"Number {number}") for number in range(7)]
    every = Organisation.objects.order_by("pk")
    with reading() as read:
        assert list(every.all()) == made
        assert list(every.iterator(chunk_size=2)) == made
        assert every.all().first() == made[0]
        assert every.filter(pk=0).first() is None
        assert every.all().count() == 7
        assert every.aggregate(most=Count("pk")) == {"most": 7}
        assert every.all().exists()
        assert [one.name_en for one in every.only("name_en")] == [one.name_en for one in made]
    assert read.whole
    assert len(read.questions) == 8
    assert read.would_be_the_same()


def test_a_cursor_may_ask_twice_and_is_read_in_every_way():
    with reading() as read, connection.cursor() as cursor:
        cursor.execute("SELECT 1 AS first UNION SELECT 2 UNION SELECT 3 ORDER BY 1")
        assert cursor.description[0][0] == "first"
        assert cursor.fetchone() == (1,)
        assert cursor.fetchmany(1) == [(2,)]
        cursor.execute("SELECT 4 UNION SELECT 5 ORDER BY 1")
        assert list(cursor) == [(4,), (5,)]
        assert cursor.fetchone() is None
        assert cursor.fetchall() == []
    assert [one.sql for one in read.questions][1].startswith("SELECT 4")
    assert read.would_be_the_same()


def test_it_stops_where_the_first_answer_is_another():
    OrganisationFactory(name_en="One")
    with reading() as read:
        names()
        Organisation.objects.count()
    OrganisationFactory(name_en="Two")
    with CaptureQueriesContext(connection) as asked:
        assert not read.would_be_the_same()
    assert len(asked) == 1


def test_kinds_of_values_count():
    with reading() as read, connection.cursor() as cursor:
        cursor.execute("SELECT %s, 1", ["1"])
    with reading() as other, connection.cursor() as cursor:
        cursor.execute("SELECT 1, %s", ["1"])
    assert read.questions[0].rows != other.questions[0].rows


def test_what_writes_is_not_whole():
    with reading() as read:
        OrganisationFactory()
    assert not read.whole


def test_a_question_that_fails_is_not_whole():
    with reading() as noted, suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert not noted.whole


def test_what_asks_too_much_is_not_whole(monkeypatch):
    monkeypatch.setattr(read_again, "MOST", 2)
    for times, whole in ((2, True), (3, False)):
        with reading() as read:
            for _again in range(times):
                names()
        assert read.whole == whole
        assert len(read.questions) == 2


@pytest.mark.django_db(transaction=True)
def test_what_asks_another_database_is_not_whole(tmp_path):
    """What is known of people outside the coalition may lie in one."""
    with second_database(tmp_path):
        with reading() as read:
            names()
        assert read.whole
        with reading() as read:
            assert Held.objects.using(ALIAS).count() == 0
        assert not read.whole
        assert read.questions == []


def test_nothing_is_noted_afterwards():
    with reading() as read:
        names()
    names()
    assert len(read.questions) == 1
